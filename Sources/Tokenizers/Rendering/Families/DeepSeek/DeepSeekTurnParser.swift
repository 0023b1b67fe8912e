import Primitives

/// Reads an assistant's turn in one of DeepSeek's formats: thinking, the content, and a section of tool calls.
struct DeepSeekTurnParser: Sendable {
    enum Style: Sendable {
        /// A call is `function`, the name, and the arguments in a fenced block; line ends around the thinking are its
        /// framing.
        case r1
        /// A call is the name and the arguments; every byte of thinking and content counts.
        case v31
        /// As ``v31``, but white space around what comes beside tool calls is left out.
        case cookbook
    }

    let style: Style
    /// Whether the generation prompt opens the thinking, so that what is sampled begins inside it.
    let isGivenThinking: Bool

    func parse(_ sampled: SampledPieceReader.Turn) -> ParsedTurn {
        var reading = Reading(
            turn: ParsedTurn(
                message: Message(role: .assistant, content: ""), termination: sampled.termination),
            problems: sampled.problem.map { [$0] } ?? [])
        let rest = readThinking(sampled.body, &reading)
        let calls = rest.pieces.firstIndex {
            $0 == .control(DeepSeekControls.callsBegin) || $0 == .control(DeepSeekControls.callBegin)
        }
        reading.turn.message.content = reading.text(rest.pieces[..<(calls ?? rest.pieces.count)])
        if let calls { readCalls(rest.pieces[calls...], &reading) }
        trimContent(&reading.turn.message)
        reading.turn.problem = reading.problems.isEmpty ? nil : reading.problems.joined(separator: "; ")
        return reading.turn
    }

    private struct Reading {
        var turn: ParsedTurn
        var problems: [String]

        mutating func fail(_ error: String) {
            turn.toolCallErrors.append(error)
            problems.append(error)
        }

        /// The text of pieces among which no control token is expected.
        mutating func text(_ pieces: some Sequence<SampledPieces.Piece>) -> String {
            var text = ""
            for piece in pieces {
                if case .control(let name) = piece { problems.append("stray \(name); expected text") }
                text += piece.text
            }
            return text
        }
    }

    /// Reads the thinking and returns what follows it.
    private func readThinking(_ body: SampledPieces, _ reading: inout Reading) -> SampledPieces {
        let begin: Int? = body.pieces.prefix(2).firstIndex(of: .control(DeepSeekControls.thinkBegin))
        let isOpened = begin == 0 || (begin == 1 && body.pieces[0].text.utf8.allSatisfy(\.isPythonSpace))
        let end = body.firstIndex(of: DeepSeekControls.thinkEnd)
        let isContinued = isGivenThinking && (end != nil || reading.turn.termination == .truncated)
        guard isOpened || isContinued else { return body }
        let start = isOpened ? (begin ?? 0) + 1 : 0
        let thinking = body.pieces[start..<(end ?? body.pieces.count)]
        var text = ByteText(reading.text(thinking))
        if style == .r1 { text = text.trimmingNewlines() }
        reading.turn.message.thinking = text.isEmpty ? nil : text.string
        guard let end else {
            reading.problems.append("the thinking is not closed; expected </think> before the answer")
            return SampledPieces()
        }
        var rest = SampledPieces(pieces: Array(body.pieces[(end + 1)...]))
        if style == .r1, case .text(let first) = rest.pieces.first {
            let trimmed = ByteText(first).trimmingLeadingNewlines()
            rest.pieces[0] = .text(trimmed.string)
        }
        return rest
    }

    private func trimContent(_ message: inout Message) {
        guard style == .cookbook, !message.toolCalls.isEmpty else { return }
        message.content = message.content.pythonStripped(leading: message.thinking == nil)
    }

    // MARK: Tool calls

    private func readCalls(_ pieces: ArraySlice<SampledPieces.Piece>, _ reading: inout Reading) {
        // The template of R1 itself leaves sections open, and closes what it never opened.
        let countsSections = style != .r1
        var rest = pieces
        var openings = 0
        var closings = 0
        while let piece = rest.popFirst() {
            switch piece {
            case .control(DeepSeekControls.callsBegin): openings += 1
            case .control(DeepSeekControls.callsEnd): closings += 1
            case .control(DeepSeekControls.callBegin):
                if countsSections, openings != closings + 1 {
                    reading.problems.append("a tool call outside of the section of tool calls")
                }
                readCall(&rest, &reading)
            case .control(let name):
                reading.problems.append("stray \(name); expected tool calls only")
            case .text(let text):
                if !text.utf8.allSatisfy(\.isPythonSpace) {
                    reading.problems.append("text beside tool calls; expected nothing between or after them")
                }
            }
        }
        if reading.turn.message.toolCalls.isEmpty, reading.turn.toolCallErrors.isEmpty {
            reading.problems.append("a section of tool calls without a call")
        }
        if countsSections, (openings, closings) != (1, 1) {
            reading.problems.append(
                "\(openings) \(DeepSeekControls.callsBegin) and \(closings) \(DeepSeekControls.callsEnd); "
                    + "expected one of each, around all tool calls")
        }
    }

    /// Reads what follows the beginning of a call, up to its end.
    private func readCall(_ rest: inout ArraySlice<SampledPieces.Piece>, _ reading: inout Reading) {
        var parts: [SampledPieces.Piece] = []
        var isClosed = false
        while let piece = rest.first {
            if piece == .control(DeepSeekControls.callEnd) {
                isClosed = true
                rest.removeFirst()
                break
            }
            if case .control(let name) = piece, name != DeepSeekControls.separator { break }
            parts.append(piece)
            rest.removeFirst()
        }
        guard isClosed else {
            return reading.fail(
                "\(DeepSeekControls.callBegin) is not closed; expected \(DeepSeekControls.callEnd) after the arguments")
        }
        guard let separator = parts.firstIndex(of: .control(DeepSeekControls.separator)),
            !parts[(separator + 1)...].contains(.control(DeepSeekControls.separator))
        else { return reading.fail("the tool call has not exactly one \(DeepSeekControls.separator)") }
        let before = parts[..<separator].map(\.text).joined()
        let after = parts[(separator + 1)...].map(\.text).joined()
        switch style {
        case .r1: readFencedCall(type: before, ByteText(after), &reading)
        case .v31, .cookbook: readCall(name: before, arguments: after, &reading)
        }
    }

    private func readFencedCall(type: String, _ body: ByteText, _ reading: inout Reading) {
        let fence = ByteText("\n```json\n")
        let closing = ByteText("\n```")
        guard type.utf8.elementsEqual("function".utf8) else {
            return reading.fail("the tool call has no type `function` before \(DeepSeekControls.separator)")
        }
        guard let start = body.firstRange(of: fence), body.hasSuffix(closing),
            body.endIndex - closing.count >= start.upperBound
        else {
            return reading.fail("the tool call has no arguments between ```json and ```; expected them after the name")
        }
        readCall(
            name: body[..<start.lowerBound].string,
            arguments: body[start.upperBound..<body.endIndex - closing.count].string, &reading)
    }

    private func readCall(name: String, arguments: String, _ reading: inout Reading) {
        guard !name.isEmpty, !name.utf8.contains(where: \.isPythonSpace) else {
            return reading.fail("the tool call has no name; expected one before \(DeepSeekControls.separator)")
        }
        do throws(ToolCallReader.Malformation) {
            reading.turn.message.toolCalls.append(try ToolCallReader.call(to: name, arguments: arguments))
        } catch {
            reading.fail(error.text)
        }
    }
}
