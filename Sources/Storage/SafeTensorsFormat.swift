import Primitives

/// The bytes of a safetensors file: eight bytes of header length, a JSON header, the tensors' data without gaps.
enum SafeTensorsFormat {
    /// The limit of the reference implementation.
    private static let maximumHeaderLength = 100_000_000

    // MARK: Reading

    /// A tensor as the header describes it.
    struct Description: Sendable {
        var name: String
        var type: ElementType
        var shape: [Int]
        /// Its bytes in the file.
        var bytes: Range<Int>
    }

    static func decode(_ bytes: [UInt8], path: String) throws(StorageError) -> SafeTensors {
        let (descriptions, metadata) = try bytes.withUnsafeBytes { raw in
            Result { () throws(StorageError) in try header(of: raw, path: path) }
        }.get()
        let tensors = bytes.withUnsafeBytes { raw in
            descriptions.map { tensor in
                SafeTensors.Tensor(
                    name: tensor.name, shape: tensor.shape,
                    elements: tensor.type.decode(UnsafeRawBufferPointer(rebasing: raw[tensor.bytes])))
            }
        }
        return SafeTensors(tensors: tensors, metadata: metadata)
    }

    /// Reads and checks the header of a whole file: the tensors in the order of their data, and the metadata.
    static func header(
        of bytes: UnsafeRawBufferPointer, path: String
    ) throws(StorageError) -> (tensors: [Description], metadata: [String: String]) {
        func failure(_ problem: String) -> StorageError {
            .malformed(path: path, problem: "this is not a valid safetensors file: \(problem)")
        }
        guard bytes.count >= 8 else { throw failure("it holds \(bytes.count) bytes, fewer than the header's length") }
        let headerLength = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
        guard headerLength <= maximumHeaderLength, 8 + Int(headerLength) <= bytes.count else {
            throw failure("a header of \(headerLength) bytes is announced in a file of \(bytes.count)")
        }
        let dataStart = 8 + Int(headerLength)
        let header: JSONValue
        do { header = try JSONValue.parse(Array(bytes[8..<dataStart])) } catch { throw failure("header: \(error)") }
        guard let members = header.objectValue?.members else { throw failure("the header is \(header.kind)") }

        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        for (name, value) in members {
            do {
                if name == "__metadata__" {
                    for key in try header.object(at: name).keys { metadata[key] = try value.string(at: key) }
                } else {
                    entries.append(try Entry(name: name, json: value))
                }
            } catch {
                throw failure("header: \(error.within(name))")
            }
        }
        entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }

        var tensors: [Description] = []
        var position = 0
        for entry in entries {
            guard let type = ElementType(rawValue: entry.type) else {
                let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
                throw failure("`\(entry.name)` has the element type \(entry.type), which is none of \(known)")
            }
            guard entry.begin == position, entry.end >= entry.begin, entry.end <= bytes.count - dataStart else {
                throw failure(
                    "the data of `\(entry.name)` is said to be bytes \(entry.begin)..<\(entry.end), but should begin at"
                        + " \(position) and end within \(bytes.count - dataStart) (is the file cut off?)")
            }
            guard let size = byteCount(entry.shape, type), size == entry.end - entry.begin else {
                throw failure("`\(entry.name)`: the shape \(entry.shape) does not fit \(entry.end - entry.begin) bytes")
            }
            position = entry.end
            let start = dataStart + entry.begin
            tensors.append(Description(name: entry.name, type: type, shape: entry.shape, bytes: start..<start + size))
        }
        guard position == bytes.count - dataStart else {
            throw failure("\(bytes.count - dataStart - position) bytes after the last tensor belong to none")
        }
        return (tensors, metadata)
    }

    private struct Entry {
        var name: String
        var type: String
        var shape: [Int]
        var begin: Int
        var end: Int

        init(name: String, json: JSONValue) throws(JSONError) {
            self.name = name
            type = try json.string(at: "dtype")
            shape = try Self.sizes("shape", of: json)
            let offsets = try Self.sizes("data_offsets", of: json)
            guard offsets.count == 2 else {
                throw .unexpected(path: "data_offsets", expected: "two offsets", found: "\(offsets.count)")
            }
            (begin, end) = (offsets[0], offsets[1])
        }

        private static func sizes(_ key: String, of json: JSONValue) throws(JSONError) -> [Int] {
            var sizes: [Int] = []
            for element in try json.array(at: key) {
                guard let size = element.integerValue, size >= 0 else {
                    throw .unexpected(path: key, expected: "an array of sizes", found: "holding \(element)")
                }
                sizes.append(size)
            }
            return sizes
        }
    }

    private static func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
        var count = type.size
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            count = product
        }
        return count
    }

    // MARK: Writing

    static func encode(_ file: SafeTensors) -> [UInt8] {
        var bytes = encodeHeader(
            file.tensors.map { ($0.name, ElementType($0.elements), $0.shape) }, metadata: file.metadata)
        for tensor in file.tensors { ElementType.append(tensor.elements, to: &bytes) }
        return bytes
    }

    /// All that stands before the data of tensors that follow each other in this order.
    static func encodeHeader(
        _ tensors: [(name: String, type: ElementType, shape: [Int])], metadata: [String: String]
    ) -> [UInt8] {
        var members: [(key: String, value: JSONValue)] = []
        if !metadata.isEmpty {
            let sorted = metadata.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue.string($0.value)) }
            members.append(("__metadata__", .object(JSONObject(uniqueKeysWithValues: sorted))))
        }
        var position = 0
        for tensor in tensors {
            let end = position + tensor.shape.reduce(tensor.type.size, *)
            members.append(
                (
                    tensor.name,
                    [
                        "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .integer($0) }),
                        "data_offsets": [.integer(position), .integer(end)],
                    ]
                ))
            position = end
        }
        var header = JSONValue.object(JSONObject(uniqueKeysWithValues: members)).serialized()
        // The data begins at a multiple of eight bytes, as the reference implementation writes it.
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }
}

extension SafeTensorsFormat {
    enum ElementType: String, CaseIterable, Sendable {
        case float32 = "F32"
        case float64 = "F64"
        case bfloat16 = "BF16"
        case float16 = "F16"
        case int64 = "I64"
        case int32 = "I32"
        case uint8 = "U8"
        case bool = "BOOL"

        init(_ elements: SafeTensors.Elements) {
            self =
                switch elements {
                case .float32: .float32
                case .float64: .float64
                case .bfloat16AsFloat: .bfloat16
                case .float16AsFloat: .float16
                case .int64: .int64
                case .int32: .int32
                case .uint8: .uint8
                case .bool: .bool
                }
        }

        /// In bytes.
        var size: Int {
            switch self {
            case .float64, .int64: 8
            case .float32, .int32: 4
            case .bfloat16, .float16: 2
            case .uint8, .bool: 1
            }
        }

        func decode(_ raw: UnsafeRawBufferPointer) -> SafeTensors.Elements {
            switch self {
            case .float32: .float32(Self.copy(raw))
            case .float64: .float64(Self.copy(raw))
            case .int64: .int64(Self.copy(raw))
            case .int32: .int32(Self.copy(raw))
            case .uint8: .uint8(Array(raw))
            case .bool: .bool(raw.map { $0 != 0 })
            case .bfloat16:
                .bfloat16AsFloat((Self.copy(raw) as [UInt16]).map { Float(bitPattern: UInt32($0) << 16) })
            case .float16: .float16AsFloat((Self.copy(raw) as [UInt16]).map(HalfPrecision.float))
            }
        }

        /// Copies elements of a floating-point format of at most 32 bits, widened exactly; false for another format.
        func copyFloats(_ raw: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<Float>) -> Bool {
            switch self {
            case .float32:
                UnsafeMutableRawPointer(target).copyMemory(from: raw.baseAddress ?? .init(target), byteCount: raw.count)
            case .bfloat16:
                for i in 0..<raw.count / 2 {
                    target[i] = Float(
                        bitPattern: UInt32(raw.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)) << 16)
                }
            case .float16:
                for i in 0..<raw.count / 2 {
                    target[i] = HalfPrecision.float(raw.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
                }
            case .float64, .int64, .int32, .uint8, .bool: return false
            }
            return true
        }

        static func append(_ elements: SafeTensors.Elements, to bytes: inout [UInt8]) {
            switch elements {
            case .float32(let values): append(raw: values, to: &bytes)
            case .float64(let values): append(raw: values, to: &bytes)
            case .int64(let values): append(raw: values, to: &bytes)
            case .int32(let values): append(raw: values, to: &bytes)
            case .uint8(let values): bytes += values
            case .bool(let values): bytes += values.map { $0 ? 1 : 0 }
            case .bfloat16AsFloat(let values): append(raw: values.map(HalfPrecision.bfloat16), to: &bytes)
            case .float16AsFloat(let values): append(raw: values.map(HalfPrecision.float16), to: &bytes)
            }
        }

        /// All supported machines are little-endian, as the format is.
        private static func copy<Element: BitwiseCopyable>(_ raw: UnsafeRawBufferPointer) -> [Element] {
            let count = raw.count / MemoryLayout<Element>.stride
            return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
                initialized = count
            }
        }

        private static func append<Element: BitwiseCopyable>(raw values: [Element], to bytes: inout [UInt8]) {
            values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
    }
}
