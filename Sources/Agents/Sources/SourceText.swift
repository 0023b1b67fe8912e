import Primitives
import Transport

/// Texts of others as the policy may read them: without characters that hide something, on one line or in paragraphs.
enum SourceText {
    /// One line: no control or formatting characters, no two spaces in a row.
    static func line(_ text: String) -> String { clean(text, keepsLines: false) }

    /// Paragraphs: lines stay, at most one empty line in a row.
    static func paragraphs(_ text: String) -> String { clean(text, keepsLines: true) }

    private static func clean(_ text: String, keepsLines: Bool) -> String {
        var result = String.UnicodeScalarView()
        var space = false
        var lines = 0
        for scalar in text.unicodeScalars {
            if isHidden(scalar) { continue }
            if keepsLines, scalar == "\n" {
                lines += 1
                space = false
            } else if scalar.value <= 0x20 || scalar.value == 0x7F || (0x80...0xA0).contains(scalar.value)
                || scalar.value == 0x2028 || scalar.value == 0x2029
            {
                space = true
            } else {
                if !result.isEmpty {
                    if lines > 0 {
                        result.append("\n")
                        if lines > 1 { result.append("\n") }
                    } else if space {
                        result.append(" ")
                    }
                }
                (space, lines) = (false, 0)
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Characters without a glyph: zero-width and directional marks, tags, variation selectors beyond the usual ones.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF: true
        default: false
        }
    }

    /// The first characters of a text, cut at a space where there is one near the end, with a mark where something is missing.
    static func cut(_ text: String, to limit: Int) -> String {
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex
        else {
            return text
        }
        let head = text[..<end]
        let near = head.index(end, offsetBy: -min(40, head.count))
        let space = head[near...].lastIndex { $0 == " " || $0 == "\n" }
        return head[..<(space ?? end)] + " […]"
    }

    static func isMarkup(_ body: [UInt8]) -> Bool {
        body.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF } == UInt8(ascii: "<")
    }

    /// Why a server refused a request, from the usual places in its answer; empty where it does not say.
    static func reason(_ response: HTTPResponse) -> String {
        let body = response.body.prefix(20_000)
        guard !isMarkup(Array(body.prefix(200))) else { return "" }
        var text = String(decoding: body.prefix(400), as: UTF8.self)
        if let json = try? JSONValue.parse(response.body) {
            let error = json["error"]
            text =
                [
                    error?["message"], error?["detail"], error, json.at("detail", "error"), json["message"],
                    json["detail"],
                    json["errMsg"],
                ].lazy.compactMap { $0?.stringValue }.first { !$0.isEmpty } ?? ""
        }
        var line = cut(line(text), to: 200)
        while line.last == "." { line.removeLast() }
        return line
    }
}

extension String {
    /// Behind a label; `nil` for an empty text.
    func labelled(_ label: String) -> String? { isEmpty ? nil : "\(label): \(self)" }

    /// Words of an enumeration, as words.
    var spaced: String { replacing("_", with: " ") }
}
