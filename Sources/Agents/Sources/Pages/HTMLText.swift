/// The readable text of an HTML page, by a single pass that no page can break: unknown, unclosed and nested tags are fine,
/// and time and memory grow with the length of the page alone.
///
/// Left out are scripts, styles and what is not shown; blocks stand on lines of their own, headings behind `#`, items behind
/// `-`, cells between `|`. Entities are resolved once, after the tags are gone, so that text cannot become a tag.
struct HTMLText {
    /// Of the element `title`.
    private(set) var title = ""
    private(set) var text = ""

    init(_ html: String) {
        var scanner = Scanner(Array(html.utf8))
        scanner.run()
        title = SourceText.line(HTMLEntities.resolve(String(decoding: scanner.title, as: UTF8.self)))
        text = SourceText.paragraphs(HTMLEntities.resolve(String(decoding: scanner.output, as: UTF8.self)))
    }

    /// A fragment on one line, for titles and snippets with markup.
    static func line(_ fragment: String) -> String {
        guard fragment.utf8.contains(where: { $0 == 0x3C || $0 == 0x26 }) else { return SourceText.line(fragment) }
        return SourceText.line(HTMLText(fragment).text)
    }

    /// A fragment in paragraphs.
    static func paragraphs(_ fragment: String) -> String { HTMLText(fragment).text }
}

private struct Scanner {
    /// Elements whose content is no text of the page.
    private static let hidden: Set = [
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "textarea", "canvas",
        "audio", "video", "button",
    ]
    private static let blocks: Set = [
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "main",
        "nav",
        "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    ]

    let bytes: [UInt8]
    var output: [UInt8] = []
    var title: [UInt8] = []
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count / 4)
    }

    mutating func run() {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let byte = bytes[index]
                output.append(byte < 0x20 ? 0x20 : byte)
                index += 1
                continue
            }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
                skipDeclaration()
            } else if isLetter(next)
                || (next == UInt8(ascii: "/") && index + 2 < bytes.count && isLetter(bytes[index + 2]))
            {
                tag(isEnd: next == UInt8(ascii: "/"))
            } else {
                // A sign of the text, such as in `p < 0.05`.
                output.append(bytes[index])
                index += 1
            }
        }
    }

    /// Comments, document types, processing instructions and CDATA, whose text stays.
    private mutating func skipDeclaration() {
        if starts(with: "<!--", at: index) {
            index = find("-->", from: index + 4).map { $0 + 3 } ?? bytes.count
        } else if starts(with: "<![CDATA[", at: index) {
            let end = find("]]>", from: index + 9) ?? bytes.count
            output += bytes[index + 9..<end]
            index = min(bytes.count, end + 3)
        } else {
            index = find(">", from: index).map { $0 + 1 } ?? bytes.count
        }
    }

    private mutating func tag(isEnd: Bool) {
        let start = index + (isEnd ? 2 : 1)
        var end = start
        while end < bytes.count, isLetter(bytes[end]) || (0x30...0x39).contains(bytes[end]) || bytes[end] == 0x2D {
            end += 1
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
        let isClosed = skipAttributes(from: end)
        if !isEnd, !isClosed {
            if name == "title" {
                let close = endTag(name, from: index)
                if title.isEmpty { title = Array(bytes[index..<close]) }
                index = close
                return
            }
            if Self.hidden.contains(name) {
                index = endTag(name, from: index)
                return
            }
        }
        switch name {
        case "h1", "h2", "h3", "h4", "h5", "h6": output += (isEnd ? "\n" : "\n\n# ").utf8
        case "li": output += (isEnd ? "\n" : "\n- ").utf8
        case "p": output += "\n\n".utf8
        case "td", "th": if isEnd { output += " | ".utf8 }
        default: if Self.blocks.contains(name) { output.append(0x0A) }
        }
    }

    /// To behind the `>` of a tag, minding quotation marks; whether the tag ends in `/>`.
    private mutating func skipAttributes(from start: Int) -> Bool {
        var position = start
        var quote: UInt8 = 0
        var last: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                index = position + 1
                return last == UInt8(ascii: "/")
            } else if (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")) && last == UInt8(ascii: "=") {
                quote = byte
            }
            if byte > 0x20 { last = byte }
            position += 1
        }
        // A quotation mark that is never closed: the tag ends at the first `>`.
        index = find(">", from: start).map { $0 + 1 } ?? bytes.count
        return false
    }

    /// Where the end tag of a name begins, or the end of the page.
    private func endTag(_ name: String, from start: Int) -> Int {
        let name = Array(name.utf8)
        var position = start
        while let found = find("</", from: position) {
            let after = found + 2
            if after + name.count <= bytes.count,
                zip(bytes[after..<after + name.count], name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
                after + name.count == bytes.count || !isLetter(bytes[after + name.count])
            {
                return found
            }
            position = after
        }
        return bytes.count
    }

    private func find(_ mark: String, from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        guard start + mark.count <= bytes.count else { return nil }
        for position in start...(bytes.count - mark.count)
        where bytes[position] == mark[0] && bytes[position..<position + mark.count].elementsEqual(mark) {
            return position
        }
        return nil
    }

    private func starts(with mark: String, at position: Int) -> Bool { bytes[position...].starts(with: mark.utf8) }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
