import Primitives

/// Reads an assistant's turn in the form that the Qwen templates write: an optional thinking block, the content, and any
/// number of tool calls.
///
/// The tags are tokens of their own, and only these count: the same characters in ordinary tokens are text, as they are
/// when a message with them is rendered.
struct QwenTurnParser {
    /// How a turn may begin.
    enum Thinking: Sendable {
        /// The format has no thinking.
        case none
        /// With a thinking block.
        case optional
        /// As `optional`, with all white space kept.
        case verbatim
        /// Inside a thinking block that the generation prompt opened.
        case open
        /// After an empty thinking block that the generation prompt supplied.
        case closed
    }

    let tokenizer: Tokenizer
    let tokens: QwenTokens
    let thinking: Thinking

    func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let turn = ChatMLTurn(sampled, tokens.chatML, tokenizer)
        var reading = Reading()
        var rest = turn.body
        readThinking(&rest, &reading)
        readContent(&rest, &reading)
        readToolCalls(rest, &reading)
        return turn.parsed(reading.message, problems: reading.problems, toolCallErrors: reading.toolCallErrors)
    }

    private struct Reading {
        var message = Message(role: .assistant, content: "")
        var problems: [String] = []
        var toolCallErrors: [String] = []

        mutating func note(_ problem: String) {
            if !problems.contains(problem) { problems.append(problem) }
        }
    }

    private func text(_ tokens: ArraySlice<TokenID>) -> ByteText { ByteText(tokenizer.decode(Array(tokens))) }

    private func first(_ tag: QwenTokens.Tag, in ids: ArraySlice<TokenID>) -> Int? {
        ids.firstIndex { tokens.tag(of: $0) == tag }
    }

    private func readThinking(_ rest: inout ArraySlice<TokenID>, _ reading: inout Reading) {
        if thinking == .none { return }
        let start = first(.thinkStart, in: rest).flatMap { index -> Int? in
            let before = text(rest[..<index])
            return (thinking == .verbatim ? before : before.trimmingLeadingNewlines()).isEmpty ? index : nil
        }
        guard start != nil || thinking == .open else { return }
        if let start {
            rest = rest[(start + 1)...]
            if thinking == .open { reading.note("a second <think>; the prompt has opened the thinking already") }
        }
        let end = first(.thinkEnd, in: rest)
        let written = rest[..<(end ?? rest.endIndex)]
        noteStrayTags(in: written, &reading)
        let body = text(written)
        reading.message.thinking = (thinking == .verbatim ? body : body.trimmingNewlines()).string
        if thinking == .closed, reading.message.thinking != "" {
            reading.note("thinking, although it is turned off; expected the answer or a tool call")
        }
        if end == nil { reading.note("<think> is not closed; expected </think> before the answer or a tool call") }
        rest = end.map { rest[($0 + 1)...] } ?? []
    }

    private func readContent(_ rest: inout ArraySlice<TokenID>, _ reading: inout Reading) {
        let firstCall = first(.callStart, in: rest) ?? rest.endIndex
        noteStrayTags(in: rest[..<firstCall], &reading)
        var content = text(rest[..<firstCall])
        if reading.message.thinking != nil, thinking != .verbatim { content = content.trimmingLeadingNewlines() }
        // The line end before a tool call belongs to the framing.
        if firstCall < rest.endIndex, content.last == UInt8(ascii: "\n") { content.removeLast() }
        reading.message.content = content.string
        rest = rest[firstCall...]
    }

    private func readToolCalls(_ calls: ArraySlice<TokenID>, _ reading: inout Reading) {
        var rest = calls
        while let start = first(.callStart, in: rest) {
            noteText(rest[..<start], &reading)
            rest = rest[(start + 1)...]
            guard let end = first(.callEnd, in: rest) else {
                let error = ToolCallReader.Malformation.unclosed.text
                reading.toolCallErrors.append(error)
                reading.note(error)
                return
            }
            do throws(ToolCallReader.Malformation) {
                reading.message.toolCalls.append(try ToolCallReader.call(text(rest[..<end])))
            } catch {
                reading.toolCallErrors.append(error.text)
                reading.note(error.text)
            }
            rest = rest[(end + 1)...]
        }
        noteText(rest, &reading)
    }

    private func noteText(_ tokens: ArraySlice<TokenID>, _ reading: inout Reading) {
        if !text(tokens).allSatisfy(\.isPythonSpace) {
            reading.note("text after a tool call; expected nothing between or after tool calls")
        }
    }

    /// Tags in the thinking or the content, where none has a place.
    private func noteStrayTags(in ids: ArraySlice<TokenID>, _ reading: inout Reading) {
        for id in ids {
            guard let tag = tokens.tag(of: id) else { continue }
            reading.note("stray \(tag.rawValue); expected \(expectation)")
        }
    }

    private var expectation: String {
        thinking == .none ? "the answer, then tool calls" : "one thinking block, then the answer, then tool calls"
    }
}
