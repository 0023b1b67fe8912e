import Primitives

/// What a policy sampled, cut at the control tokens of its format.
///
/// The cut is made at tokens, so text that only spells the name of a control token stays text. A name for which the
/// tokenizer has no token is looked for in the text.
struct SampledPieces: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case control(String)
        case text(String)

        var text: String {
            switch self {
            case .control(let name), .text(let name): name
            }
        }
    }

    var pieces: [Piece] = []

    /// The text of everything, control tokens by their names.
    var text: String { pieces.map(\.text).joined() }

    func firstIndex(of control: String, from start: Int = 0) -> Int? {
        pieces[start...].firstIndex { $0 == .control(control) }
    }
}

/// The control tokens of a format by which what was sampled is read.
struct SampledPieceReader: Sendable {
    private let tokenizer: Tokenizer
    private let names: [TokenID: String]
    /// Names without a token, and the pieces that stand for them.
    private let spelled: [String]

    /// - Parameter controls: the control tokens that have a meaning in the format.
    init(tokenizer: Tokenizer, controls: [String]) {
        self.tokenizer = tokenizer
        var names: [TokenID: String] = [:]
        var spelled: [String] = []
        for control in controls {
            if let token = tokenizer.addedTokens.first(where: { $0.content.utf8.elementsEqual(control.utf8) }) {
                names[token.id] = control
            } else {
                spelled.append(control)
            }
        }
        // Special tokens without a meaning in the format are cut out as well, so that none of them passes as text.
        for token in tokenizer.addedTokens where token.isSpecial && names[token.id] == nil {
            names[token.id] = token.content
        }
        self.names = names
        self.spelled = spelled
    }

    func pieces(_ sampled: some Collection<TokenID>) -> SampledPieces {
        var result = SampledPieces()
        var run: [TokenID] = []
        func flush() {
            if !run.isEmpty { appendText(ByteText(tokenizer.decode(run)), to: &result) }
            run.removeAll()
        }
        for id in sampled {
            if let name = names[id] {
                flush()
                result.pieces.append(.control(name))
            } else {
                run.append(id)
            }
        }
        flush()
        return result
    }

    private func appendText(_ text: ByteText, to result: inout SampledPieces) {
        var rest = text
        while let next = firstSpelled(in: rest) {
            if next.range.lowerBound > rest.startIndex {
                result.pieces.append(.text(rest[..<next.range.lowerBound].string))
            }
            result.pieces.append(.control(next.name))
            rest = rest[next.range.upperBound...]
        }
        if !rest.isEmpty { result.pieces.append(.text(rest.string)) }
    }

    private func firstSpelled(in text: ByteText) -> (name: String, range: Range<Int>)? {
        var first: (name: String, range: Range<Int>)?
        for name in spelled {
            if let range = text.firstRange(of: ByteText(name)), range.lowerBound < first?.range.lowerBound ?? .max {
                first = (name, range)
            }
        }
        return first
    }
}

extension SampledPieceReader {
    /// What was sampled before the first of the tokens that end a turn.
    struct Turn: Sendable, Hashable {
        var body: SampledPieces
        var termination: ParsedTurn.Termination
        /// What is wrong with the end of the turn.
        var problem: String?
    }

    /// - Parameters:
    ///   - ends: the tokens that end a turn.
    ///   - textEnds: those that end the text altogether.
    func turn(_ sampled: [TokenID], ends: [TokenID], textEnds: [TokenID] = []) -> Turn {
        guard let end = sampled.firstIndex(where: { ends.contains($0) || textEnds.contains($0) }) else {
            return Turn(body: pieces(sampled), termination: .truncated)
        }
        var turn = Turn(
            body: pieces(sampled[..<end]), termination: ends.contains(sampled[end]) ? .endOfTurn : .endOfText)
        let rest = sampled[(end + 1)...]
        if rest.contains(where: { ends.contains($0) || textEnds.contains($0) }) {
            turn.termination = .malformed
            turn.problem = "more than one end of the turn; expected nothing after the first"
        } else if !rest.isEmpty {
            turn.problem = "\(rest.count) tokens after the end of the turn; expected none"
        }
        return turn
    }
}
