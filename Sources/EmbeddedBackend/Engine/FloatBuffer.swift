/// Floats at a fixed address, for the kernels.
///
/// Invariant: a buffer has one owner that writes to it at a time; sharing for reading is safe once writing has ended.
final class FloatBuffer: @unchecked Sendable {
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

    deinit { pointer.deallocate() }

    /// Makes room for `needed` floats. The contents are undefined if the buffer had to grow.
    func reserve(_ needed: Int) {
        guard needed > count else { return }
        pointer.deallocate()
        count = needed
        pointer = Self.allocate(needed)
    }

    func clear(_ length: Int? = nil) { pointer.update(repeating: 0, count: length ?? count) }

    func copy(from other: FloatBuffer) { pointer.update(from: other.pointer, count: min(count, other.count)) }

    var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        let typed = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        typed.initialize(repeating: 0, count: max(count, 1))
        return typed
    }
}
