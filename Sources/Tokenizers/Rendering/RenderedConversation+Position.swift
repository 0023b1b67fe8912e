/// Comparing renderings to the byte and the control token, wherever one text ends and the next begins.
extension RenderedConversation {
    /// A place between two control tokens or bytes of text.
    struct Position: Sendable, Hashable {
        var segment: Int
        /// Within the segment's text; 0 for a control token.
        var byte: Int
    }

    /// Where two renderings part.
    struct Mismatch: Error {
        var position: Position
    }

    /// Where this rendering goes on after another one that it begins with.
    func position(after beginning: RenderedConversation) -> Result<Position, Mismatch> {
        var position = Position(segment: 0, byte: 0)
        for segment in beginning.segments {
            switch segment.content {
            case .control(let id, _):
                guard position.byte == 0, segments.indices.contains(position.segment),
                    case .control(id, _) = segments[position.segment].content
                else { return .failure(Mismatch(position: position)) }
                position.segment += 1
            case .text(let text), .openText(let text):
                guard let next = self.position(after: text, from: position) else {
                    return .failure(Mismatch(position: position))
                }
                position = next
            }
        }
        return .success(position)
    }

    /// Where this rendering goes on after `text`; `nil` when it does not say that text at `start`.
    func position(after text: String, from start: Position) -> Position? {
        var position = start
        var text = text
        return text.withUTF8 { wanted -> Position? in
            var rest = wanted[...]
            while !rest.isEmpty {
                guard segments.indices.contains(position.segment) else { return nil }
                let own: String
                switch segments[position.segment].content {
                case .control: return nil
                case .text(let text), .openText(let text): own = text
                }
                var copy = own
                let compared: Int? = copy.withUTF8 { bytes in
                    let count = min(bytes.count - position.byte, rest.count)
                    let isEqual = bytes[position.byte..<position.byte + count].elementsEqual(rest.prefix(count))
                    return isEqual ? count : nil
                }
                guard let compared else { return nil }
                rest = rest.dropFirst(compared)
                position.byte += compared
                if position.byte == own.utf8.count { position = Position(segment: position.segment + 1, byte: 0) }
            }
            return position
        }
    }

    /// The segments from a position on, the first one without what precedes it.
    func segments(from position: Position, through last: Int) -> [Segment] {
        guard position.segment <= last else { return [] }
        var result = Array(segments[position.segment...last])
        if position.byte > 0 {
            let text = ByteText(result[0].content.text).dropFirst(position.byte).string
            if case .openText = result[0].content {
                result[0].content = .openText(text)
            } else {
                result[0].content = .text(text)
            }
        }
        return result
    }

    /// A few words of what stands at a position, for messages.
    func excerpt(at position: Position) -> String {
        let text = segments(from: position, through: min(position.segment + 3, segments.count - 1))
            .map(\.content.text).joined()
        return String(text.unicodeScalars.prefix(32)).debugDescription
    }
}
