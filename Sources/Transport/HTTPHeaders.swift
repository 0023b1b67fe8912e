/// The header fields of a response, kept as the bytes that arrived and read when somebody asks.
public struct HTTPHeaders: Sendable, Sequence {
    /// Lines `name: value`, each with its line break.
    private var block: [UInt8] = []

    /// No fields.
    public init() {}

    public init(_ fields: [(name: String, value: String)]) {
        for field in fields { block.append(contentsOf: "\(field.name): \(field.value)\r\n".utf8) }
    }

    /// How many bytes the fields took.
    var byteCount: Int { block.count }

    mutating func append(line: UnsafeRawBufferPointer) {
        if block.isEmpty { block.reserveCapacity(512) }
        block.append(contentsOf: line)
    }

    mutating func removeAll() { block.removeAll(keepingCapacity: true) }

    /// The first field of that name, compared without regard to case; without the white space around it.
    public subscript(name: String) -> String? {
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), Self.isSame(line[..<colon], name.utf8) else {
                continue
            }
            return Self.text(line[(colon + 1)...])
        }
        return nil
    }

    /// The fields in the order in which they arrived. Lines without a colon are left out.
    public func makeIterator() -> AnyIterator<(name: String, value: String)> {
        var rest = lines[...]
        return AnyIterator {
            while let line = rest.popFirst() {
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
                return (Self.text(line[..<colon]), Self.text(line[(colon + 1)...]))
            }
            return nil
        }
    }

    private var lines: [ArraySlice<UInt8>] { block.split(separator: UInt8(ascii: "\n")) }

    private static func isSame(_ left: ArraySlice<UInt8>, _ right: String.UTF8View) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
