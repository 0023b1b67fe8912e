#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Floats at a fixed address, for the kernels; zero at first.
///
/// Invariant: a buffer has one owner that writes to it at a time; sharing for reading is safe once writing has ended.
final class FloatBuffer: @unchecked Sendable {
    /// Buffers from this size on are mapped on their own, so that the system gives memory only where it is touched, in
    /// large pages where it can, and gets it back at once.
    private static let mappedBytes = 4 << 20

    private(set) var pointer: UnsafeMutablePointer<Float>
    private(set) var count: Int

    init(count: Int) {
        self.count = count
        pointer = Self.allocate(count)
    }

    convenience init(_ values: [Float]) {
        self.init(count: values.count)
        values.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            pointer.update(from: base, count: source.count)
        }
    }

    deinit { Self.free(pointer, count) }

    /// Makes room for `needed` floats. The contents are undefined if the buffer had to grow.
    func reserve(_ needed: Int) {
        guard needed > count else { return }
        Self.free(pointer, count)
        count = needed
        pointer = Self.allocate(needed)
    }

    func clear(_ length: Int? = nil) { pointer.update(repeating: 0, count: length ?? count) }

    func copy(from other: FloatBuffer) { pointer.update(from: other.pointer, count: min(count, other.count)) }

    var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    private static func bytes(_ count: Int) -> Int { max(count, 1) * MemoryLayout<Float>.stride }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let capacity = max(count, 1)
        if bytes(count) >= mappedBytes, let mapped = map(bytes(count)) {
            return mapped.bindMemory(to: Float.self, capacity: capacity)
        }
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes(count), alignment: 64)
        let typed = raw.bindMemory(to: Float.self, capacity: capacity)
        typed.initialize(repeating: 0, count: capacity)
        return typed
    }

    private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else {
            fatalError("no memory for \(bytes) bytes of floats")
        }
        #if os(Linux)
            madvise(mapped, bytes, Int32(MADV_HUGEPAGE))
        #endif
        return mapped
    }

    private static func free(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) {
        if bytes(count) >= mappedBytes { munmap(pointer, bytes(count)) } else { pointer.deallocate() }
    }
}
