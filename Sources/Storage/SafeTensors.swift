import Primitives

/// Named tensors in the safetensors format of Hugging Face, version 1 (row-major, little-endian).
public struct SafeTensors: Sendable {
    /// The elements of a tensor. The two 16-bit formats are held as `Float`, which represents each of them exactly.
    public enum Elements: Sendable, Equatable {
        case float32([Float])
        case float64([Double])
        case bfloat16AsFloat([Float])
        case float16AsFloat([Float])
        case int64([Int64])
        case int32([Int32])
        case uint8([UInt8])
        case bool([Bool])

        public var count: Int {
            switch self {
            case .float32(let values), .bfloat16AsFloat(let values), .float16AsFloat(let values): values.count
            case .float64(let values): values.count
            case .int64(let values): values.count
            case .int32(let values): values.count
            case .uint8(let values): values.count
            case .bool(let values): values.count
            }
        }
    }

    public struct Tensor: Sendable, Equatable {
        public var name: String
        /// Outermost dimension first; empty for a scalar.
        public var shape: [Int]
        public var elements: Elements

        public init(name: String, shape: [Int], elements: Elements) {
            precondition(shape.reduce(1, *) == elements.count, "`\(name)`: \(shape) does not hold \(elements.count)")
            self.name = name
            self.shape = shape
            self.elements = elements
        }

        /// The elements of any floating-point format of at most 32 bits.
        public var floats: [Float]? {
            switch elements {
            case .float32(let values), .bfloat16AsFloat(let values), .float16AsFloat(let values): values
            default: nil
            }
        }

        /// The elements of any integer format, widened.
        public var integers: [Int64]? {
            switch elements {
            case .int64(let values): values
            case .int32(let values): values.map(Int64.init)
            case .uint8(let values): values.map(Int64.init)
            default: nil
            }
        }
    }

    /// In the order of their data in the file.
    public private(set) var tensors: [Tensor]
    public var metadata: [String: String]
    private var positions: [String: Int] = [:]

    /// Names must be unique. Hugging Face libraries require the metadata `format: pt`, which is the default.
    public init(tensors: [Tensor], metadata: [String: String] = ["format": "pt"]) {
        self.tensors = tensors
        self.metadata = metadata
        for (position, tensor) in tensors.enumerated() {
            precondition(positions.updateValue(position, forKey: tensor.name) == nil, "`\(tensor.name)` appears twice")
        }
    }

    public subscript(name: String) -> Tensor? { positions[name].map { tensors[$0] } }

    public static func read(_ path: String) throws(StorageError) -> SafeTensors {
        try SafeTensorsFormat.decode(try FileStore.read(path), path: path)
    }

    /// Writes the file atomically, tensors in their order.
    public func write(to path: String) throws(StorageError) {
        try FileStore.writeAtomically(SafeTensorsFormat.encode(self), to: path)
    }
}
