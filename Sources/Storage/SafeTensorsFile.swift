#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A safetensors file that is read tensor by tensor, straight to where the numbers are wanted.
///
/// The file is mapped into memory: nothing but the header is read before it is asked for, and no copy of the file is
/// held. It must not be changed while it is open.
///
/// Invariant: the mapping lives as long as the object and is only read.
public final class SafeTensorsFile: @unchecked Sendable {
    public struct Tensor: Sendable, Equatable {
        public var name: String
        /// As in the header: `F32`, `BF16`, `F16`, …
        public var elementType: String
        /// Outermost dimension first.
        public var shape: [Int]
        public var count: Int { shape.reduce(1, *) }
    }

    public let path: String
    public let metadata: [String: String]
    /// In the order of their data.
    public let tensors: [Tensor]
    private let descriptions: [String: SafeTensorsFormat.Description]
    private let mapping: UnsafeRawBufferPointer

    public init(_ path: String) throws(StorageError) {
        self.path = path
        let mapping = try OpenFile(path, .read).map()
        do throws(StorageError) {
            let header = try SafeTensorsFormat.header(of: mapping, path: path)
            metadata = header.metadata
            tensors = header.tensors.map { Tensor(name: $0.name, elementType: $0.type.rawValue, shape: $0.shape) }
            descriptions = Dictionary(uniqueKeysWithValues: header.tensors.map { ($0.name, $0) })
            self.mapping = mapping
        } catch {
            munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count)
            throw error
        }
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress), mapping.count) }

    public subscript(name: String) -> Tensor? {
        descriptions[name].map { Tensor(name: $0.name, elementType: $0.type.rawValue, shape: $0.shape) }
    }

    /// Copies the elements of a floating-point tensor of at most 32 bits, widened exactly.
    /// - Parameter target: room for all elements.
    /// - Returns: false, and nothing is copied, when there is no such tensor or its type is another.
    public func copyFloats(_ name: String, to target: UnsafeMutablePointer<Float>) -> Bool {
        guard let description = descriptions[name] else { return false }
        return description.type.copyFloats(
            UnsafeRawBufferPointer(rebasing: mapping[description.bytes]), to: target)
    }
}

/// Writing without a copy of the numbers.
extension SafeTensorsFile {
    /// A tensor of single-precision numbers somewhere in memory.
    public struct Source {
        public var name: String
        public var shape: [Int]
        public var values: UnsafePointer<Float>

        /// - Parameter values: as many as `shape` says; they must stay until the file is written.
        public init(name: String, shape: [Int], values: UnsafePointer<Float>) {
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    /// Writes a file atomically, tensors in their order; the same bytes as ``SafeTensors/write(to:)``.
    public static func write(
        _ tensors: [Source], metadata: [String: String] = ["format": "pt"], to path: String
    ) throws(StorageError) {
        let header = SafeTensorsFormat.encodeHeader(
            tensors.map { ($0.name, .float32, $0.shape) }, metadata: metadata)
        try header.withUnsafeBytes { raw in
            let parts = tensors.map {
                UnsafeRawBufferPointer(start: $0.values, count: $0.shape.reduce(MemoryLayout<Float>.stride, *))
            }
            return Result { () throws(StorageError) in try FileStore.writeAtomically([raw] + parts, to: path) }
        }.get()
    }
}
