import Storage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// XML read from a file as a sequence of tags and texts, with memory for one of them.
///
/// Foundation's parser is not used: on Linux it comes with a library of its own, reads the whole file first, and makes a
/// dictionary and several objects of every tag, which is too slow for the gigabytes of PubMed. This one checks that tags
/// close in order and that nothing is cut off, resolves the five entities of XML and character references, and refuses
/// other entities; it does not read document type definitions. Encodings are UTF-8 and ISO-8859-1.
public final class XMLReader {
    public enum Event: Equatable {
        case start(String)
        case end(String)
        /// Text between tags, CDATA included; ``XMLReader/text()`` reads it.
        case text
    }

    /// A tag or a text that is longer is an error.
    private static let maximumTokenBytes = 1 << 28

    public let path: String
    private let stream: ByteStream
    private var buffer: [UInt8] = []
    private var position = 0
    /// The line feeds of the file before `counted`, a position in the buffer that is never behind `position`.
    private var lineFeeds = 0
    private var counted = 0
    private var hasEnded = false
    private var isLatin1 = false

    /// The names of the elements that are open, outermost first.
    public private(set) var openElements: [String] = []
    private var hasRoot = false
    private var emptyElement: String?
    /// Where the text or the attributes of the current event lie in the buffer.
    private var content = 0..<0
    private var isCDATA = false

    public init(path: String) throws(KnowledgeError) {
        self.path = path
        do throws(StorageError) { stream = try ByteStream(path: path) } catch { throw .storage(error) }
    }

    /// A document in memory.
    /// - Parameter name: stands for the path in errors.
    public init(bytes: [UInt8], name: String) {
        path = name
        stream = ByteStream(bytes: bytes, name: name)
    }

    /// The number of the line that was read up to.
    public var line: Int {
        countLines()
        return lineFeeds + 1
    }

    /// Counts on from where it last was, so that asking for every element's line costs no more than reading the file.
    private func countLines() {
        lineFeeds += Self.lineFeeds(buffer[counted..<position])
        counted = position
    }

    /// The next tag or text; `nil` behind the root element.
    public func next() throws(KnowledgeError) -> Event? {
        if let name = emptyElement {
            emptyElement = nil
            return try close(name)
        }
        while true {
            guard position < buffer.count ? true : try read() else {
                guard openElements.isEmpty else {
                    throw failure("the end of the file", "</\(openElements[openElements.count - 1])>")
                }
                guard hasRoot else { throw failure("no element", "an XML document") }
                return nil
            }
            if buffer[position] != UInt8(ascii: "<") {
                let end = try find(UInt8(ascii: "<"), from: position, orEnd: true)
                content = position..<end
                position = end
                isCDATA = false
                if openElements.isEmpty {
                    guard buffer[content].allSatisfy({ $0 <= 0x20 || $0 >= 0xBB }) else {
                        throw failure("text outside the root element", "a tag")
                    }
                    continue
                }
                return .text
            }
            if let event = try markup() { return event }
        }
    }

    /// The text of the current text event, with references resolved.
    public func text() throws(KnowledgeError) -> String { try decode(content, resolves: !isCDATA) }

    /// The value of an attribute of the current start tag.
    public func attribute(_ name: String) throws(KnowledgeError) -> String? {
        var index = content.lowerBound
        func skipSpace() { while index < content.upperBound, buffer[index] <= 0x20 { index += 1 } }
        while true {
            skipSpace()
            let start = index
            while index < content.upperBound, buffer[index] != UInt8(ascii: "="), buffer[index] > 0x20 { index += 1 }
            guard index > start else { return nil }
            let isWanted = buffer[start..<index].elementsEqual(name.utf8)
            skipSpace()
            guard index < content.upperBound, buffer[index] == UInt8(ascii: "=") else {
                throw failure("an attribute without a value", "name=\"value\"")
            }
            index += 1
            skipSpace()
            guard index < content.upperBound, buffer[index] == UInt8(ascii: "\"") || buffer[index] == UInt8(ascii: "'"),
                let end = buffer[(index + 1)..<content.upperBound].firstIndex(of: buffer[index])
            else { throw failure("an attribute whose value is not in quotation marks", "name=\"value\"") }
            if isWanted { return try decode(index + 1..<end, resolves: true) }
            index = end + 1
        }
    }

    /// All the text inside the element whose start was the last event, up to its end, with that of inner elements.
    public func elementText() throws(KnowledgeError) -> String {
        var text = ""
        let depth = openElements.count
        while openElements.count >= depth, let event = try next() {
            if event == .text { text += try self.text() }
        }
        return text
    }

    /// Passes over the element whose start was the last event.
    public func skipElement() throws(KnowledgeError) {
        let depth = openElements.count
        while openElements.count >= depth, try next() != nil {}
    }

    // MARK: Markup

    /// Reads what begins with `<`; `nil` for what is no event.
    private func markup() throws(KnowledgeError) -> Event? {
        try require(4)
        switch position + 1 < buffer.count ? buffer[position + 1] : 0 {
        case UInt8(ascii: "?"):
            let end = try find(Array("?>".utf8), from: position + 2)
            try readDeclaration(position + 2..<end)
            position = end + 2
            return nil
        case UInt8(ascii: "!"): return try declaration()
        case UInt8(ascii: "/"):
            let end = try find(UInt8(ascii: ">"), from: position + 2)
            let name = try self.name(position + 2..<end)
            position = end + 1
            return try close(name)
        default:
            let end = try endOfTag()
            let isEmpty = buffer[end - 1] == UInt8(ascii: "/")
            let inside = position + 1..<(isEmpty ? end - 1 : end)
            let nameEnd = buffer[inside].firstIndex { $0 <= 0x20 } ?? inside.upperBound
            let name = try self.name(inside.lowerBound..<nameEnd)
            content = nameEnd..<inside.upperBound
            position = end + 1
            guard !openElements.isEmpty || !hasRoot else {
                throw failure("<\(name)> behind the root element", "the end of the file")
            }
            hasRoot = true
            openElements.append(name)
            if isEmpty { emptyElement = name }
            return .start(name)
        }
    }

    private func close(_ name: String) throws(KnowledgeError) -> Event {
        guard openElements.last == name else {
            throw failure("</\(name)>", openElements.last.map { "</\($0)>" } ?? "no end tag")
        }
        openElements.removeLast()
        return .end(name)
    }

    private func name(_ range: Range<Int>) throws(KnowledgeError) -> String {
        var range = range
        while range.upperBound > range.lowerBound, buffer[range.upperBound - 1] <= 0x20 {
            range = range.lowerBound..<range.upperBound - 1
        }
        guard !range.isEmpty, let name = String(validating: buffer[range], as: UTF8.self) else {
            throw failure("a tag without a name", "a name behind <")
        }
        return name
    }

    /// Comments, CDATA and document types.
    private func declaration() throws(KnowledgeError) -> Event? {
        try require(9)
        if buffer[position...].starts(with: Array("<!--".utf8)) {
            position = try find(Array("-->".utf8), from: position + 4) + 3
            return nil
        }
        if buffer[position...].starts(with: Array("<![CDATA[".utf8)) {
            let end = try find(Array("]]>".utf8), from: position + 9)
            content = position + 9..<end
            isCDATA = true
            position = end + 3
            return .text
        }
        // A document type ends at the first > that is not in its brackets.
        var index = position
        var depth = 0
        while true {
            if index == buffer.count, try !more(&index) { throw failure("a <! that is not closed", ">") }
            if buffer[index] == UInt8(ascii: "[") { depth += 1 }
            if buffer[index] == UInt8(ascii: "]") { depth -= 1 }
            if buffer[index] == UInt8(ascii: ">"), depth == 0 { break }
            index += 1
        }
        position = index + 1
        return nil
    }

    private func readDeclaration(_ range: Range<Int>) throws(KnowledgeError) {
        let text = String(decoding: buffer[range], as: UTF8.self)
        guard text.hasPrefix("xml "), let mark = text.firstRange(of: "encoding=") else { return }
        let rest = text[mark.upperBound...].dropFirst()
        let encoding = rest.prefix { $0 != "\"" && $0 != "'" }.lowercased()
        switch encoding {
        case "utf-8", "us-ascii", "ascii": isLatin1 = false
        case "iso-8859-1", "latin1": isLatin1 = true
        default: throw failure("the encoding \(encoding)", "UTF-8 or ISO-8859-1")
        }
    }

    private func endOfTag() throws(KnowledgeError) -> Int {
        var index = position + 1
        var quote: UInt8?
        while true {
            if index == buffer.count, try !more(&index) { throw failure("a tag that is not closed", ">") }
            let byte = buffer[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            index += 1
        }
    }

    // MARK: Characters

    private func decode(_ range: Range<Int>, resolves: Bool) throws(KnowledgeError) -> String {
        let bytes = buffer[range]
        guard resolves, bytes.contains(UInt8(ascii: "&")) else { return try string(bytes) }
        var result = ""
        var start = range.lowerBound
        while let mark = buffer[start..<range.upperBound].firstIndex(of: UInt8(ascii: "&")) {
            result += try string(buffer[start..<mark])
            guard let end = buffer[mark..<range.upperBound].firstIndex(of: UInt8(ascii: ";")) else {
                throw failure("an & without ;", "&amp; or a reference such as &lt;")
            }
            result += try resolve(String(decoding: buffer[(mark + 1)..<end], as: UTF8.self))
            start = end + 1
        }
        return result + (try string(buffer[start..<range.upperBound]))
    }

    private func resolve(_ reference: String) throws(KnowledgeError) -> String {
        switch reference {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let digits = reference.dropFirst()
            let number =
                reference.hasPrefix("#x")
                ? UInt32(digits.dropFirst(), radix: 16)
                : reference.hasPrefix("#") ? UInt32(digits) : nil
            guard let scalar = number.flatMap(Unicode.Scalar.init) else {
                throw failure("the reference &\(reference.prefix(20));", "one of XML's five or a character's number")
            }
            return String(Character(scalar))
        }
    }

    private func string(_ bytes: ArraySlice<UInt8>) throws(KnowledgeError) -> String {
        if isLatin1 { return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("bytes that are not UTF-8", "UTF-8")
        }
        return text
    }

    private func failure(_ found: String, _ expected: String) -> KnowledgeError {
        .malformedInput(place: "\(path), line \(line)", found: found, expected: expected)
    }

    // MARK: The buffer

    /// Drops what is behind `position` and reads more; `false` at the end of the file.
    private func read() throws(KnowledgeError) -> Bool {
        if hasEnded { return false }
        do throws(StorageError) {
            guard let piece = try stream.next() else {
                hasEnded = true
                return false
            }
            countLines()
            if position == buffer.count { buffer = piece } else { buffer = buffer[position...] + piece }
            (position, counted) = (0, 0)
        } catch { throw .storage(error) }
        guard buffer.count <= Self.maximumTokenBytes else {
            throw failure("a tag or text of more than \(Self.maximumTokenBytes) bytes", "a shorter one")
        }
        return true
    }

    /// As `read`, with an index that keeps its place.
    private func more(_ index: inout Int) throws(KnowledgeError) -> Bool {
        let offset = index - position
        guard try read() else { return false }
        index = position + offset
        return true
    }

    private func require(_ count: Int) throws(KnowledgeError) {
        while buffer.count - position < count, try read() {}
    }

    private func find(_ byte: UInt8, from start: Int, orEnd: Bool = false) throws(KnowledgeError) -> Int {
        var index = start
        while true {
            let found = buffer.withUnsafeBytes { bytes -> Int? in
                guard let base = bytes.baseAddress,
                    let place = memchr(base + index, Int32(byte), bytes.count - index)
                else { return nil }
                return UnsafeRawPointer(place) - base
            }
            if let found { return found }
            index = buffer.count
            guard try more(&index) else {
                if orEnd { return buffer.count }
                throw failure("a tag that is not closed", ">")
            }
        }
    }

    private func find(_ mark: [UInt8], from start: Int) throws(KnowledgeError) -> Int {
        var index = start
        while true {
            while index + mark.count > buffer.count {
                guard try more(&index) else {
                    throw failure("the end of the file", String(decoding: mark, as: UTF8.self))
                }
            }
            if buffer[index..<index + mark.count].elementsEqual(mark) { return index }
            index += 1
        }
    }

    private static func lineFeeds(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes where byte == 0x0A { count += 1 }
            return count
        }
    }
}
