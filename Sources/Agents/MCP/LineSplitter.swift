/// Cuts a byte stream into lines of a bounded length.
struct LineSplitter {
    enum Line: Hashable {
        /// Without its line break.
        case whole([UInt8])
        /// A line longer than the limit, with the id of the JSON-RPC message that it seems to be.
        case tooLong(id: Int?)
    }

    private let limit: Int
    private var partial: [UInt8] = []
    /// While the rest of a line that is too long passes by.
    private var scanner: MessageIDScanner?

    init(limit: Int) { self.limit = limit }

    /// The lines that the next bytes complete. Empty lines are left out.
    mutating func split(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            if let line = endLine() { lines.append(line) }
            rest = rest[rest.index(after: end)...]
        }
        take(rest)
        return lines
    }

    private mutating func take(_ bytes: some Collection<UInt8>) {
        if scanner != nil {
            scanner?.scan(bytes)
        } else if partial.count + bytes.count <= limit {
            partial.append(contentsOf: bytes)
        } else {
            var scanner = MessageIDScanner()
            scanner.scan(partial)
            scanner.scan(bytes)
            self.scanner = scanner
            partial = []
        }
    }

    private mutating func endLine() -> Line? {
        defer { (partial, scanner) = ([], nil) }
        if let scanner { return .tooLong(id: scanner.id) }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        return partial.isEmpty ? nil : .whole(partial)
    }
}
