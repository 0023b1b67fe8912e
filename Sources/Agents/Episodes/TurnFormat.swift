import Primitives
import Tokenizers

/// What a turn is: an optional thinking block, then either tool calls, one unless more are allowed, or exactly one final
/// answer `<answer>…</answer>`, nothing else, and the end-of-turn token.
struct TurnFormat {
    /// What the turn did against the format first, or `nil`.
    let violation: String?
    /// Whether the turn asks for a tool, readably or not.
    let callsTools: Bool
    /// Whether the turn gives a final answer and asks for no tool.
    let answers: Bool

    init(_ turn: ParsedTurn, callsPerTurn: Int = 1) {
        let visible = Array(turn.message.content.utf8)
        let openings = Self.occurrences(of: Self.opening, in: visible)
        let closings = Self.occurrences(of: Self.closing, in: visible)
        callsTools = !turn.message.toolCalls.isEmpty || !turn.toolCallErrors.isEmpty
        answers = !callsTools && openings.first.map { start in closings.contains { $0 > start } } == true
        violation =
            turn.problem ?? turn.toolCallErrors.first
            ?? (turn.termination == .truncated ? "the turn was cut before its end" : nil)
            ?? (callsTools
                ? Self.violationBesideCalls(turn.message, visible: visible, limit: callsPerTurn)
                : Self.violationOfAnswer(openings: openings, closings: closings, visible: visible))
    }

    private static func violationBesideCalls(_ message: Message, visible: [UInt8], limit: Int) -> String? {
        let count = message.toolCalls.count
        if count > limit {
            return "\(count) tool calls in one turn; expected \(limit == 1 ? "one" : "at most \(limit)")"
        }
        return isBlank(visible[...]) ? nil : "text beside the tool call"
    }

    private static func violationOfAnswer(openings: [Int], closings: [Int], visible: [UInt8]) -> String? {
        if openings.isEmpty, closings.isEmpty { return "neither a tool call nor an answer" }
        guard openings.count == 1, closings.count == 1, openings[0] < closings[0] else {
            return "\(openings.count) <answer> and \(closings.count) </answer> tags; expected one answer"
        }
        let content = openings[0] + opening.count
        if isBlank(visible[content..<closings[0]]) { return "an empty answer" }
        let isAlone = isBlank(visible[..<openings[0]]) && isBlank(visible[(closings[0] + closing.count)...])
        return isAlone ? nil : "text beside the answer"
    }

    private static let opening = Array("<answer>".utf8)
    private static let closing = Array("</answer>".utf8)

    private static func occurrences(of tag: [UInt8], in bytes: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var position = 0
        while position + tag.count <= bytes.count {
            if bytes[position] == tag[0], bytes[position..<position + tag.count].elementsEqual(tag) {
                starts.append(position)
                position += tag.count
            } else {
                position += 1
            }
        }
        return starts
    }

    private static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 <= UInt8(ascii: " ") } }
}
