/// Reads the answer to a multiple-choice question: exactly one letter, or the text of an option.
///
/// `B`, `(b)`, `B.`, `**B**`, `option B`; with options in the policy also their texts, alone or after their own letter.
/// Two letters, or a letter with the text of another option, are no answer.
struct ChoiceReader: AnswerReader {
    let policy: ChoicePolicy

    init(policy: ChoicePolicy = ChoicePolicy()) { self.policy = policy }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        try work.spend(text.bytes.count)
        let bytes = text.isASCII ? text.bytes : PlainFold.compatible(text.bytes)
        if let letter = letter(in: bytes) { return try value(of: letter) }
        guard !policy.options.isEmpty else {
            throw .malformed(
                "expected exactly one letter from A to \(lastLetter), found \(Self.found(text))", offset: 0)
        }
        try work.spend(policy.options.count)
        let folded = PlainFold.fold(bytes)
        if let option = policy.options.first(where: { $0.folded == folded }) {
            work.apply("an option's text")
            return try value(of: option.letter)
        }
        guard let labelled = Self.labelled(bytes) else {
            throw .malformed(
                "expected one letter from A to \(lastLetter) or the text of an option, found \(Self.found(text))",
                offset: 0)
        }
        let content = PlainFold.fold(Array(labelled.rest))
        guard policy.options.contains(where: { $0.letter == labelled.letter && $0.folded == content }) else {
            let letter = String(Unicode.Scalar(labelled.letter))
            throw .malformed("expected the text of option \(letter) after its letter, found another text", offset: 0)
        }
        work.apply("a letter with its option's text")
        return try value(of: labelled.letter)
    }

    private static func found(_ text: AnswerText) -> String { text.isEmpty ? "an empty answer" : "another text" }

    private static let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map {
        CanonicalValue(.choice, String(Unicode.Scalar($0)))
    }

    private var lastLetter: String { Self.letters[policy.letterCount - 1].text }

    private func value(of letter: UInt8) throws(AnswerProblem) -> CanonicalValue {
        let index = Int(letter - UInt8(ascii: "A"))
        let isOffered = policy.options.isEmpty || policy.options.contains { $0.letter == letter }
        guard index < policy.letterCount, isOffered else {
            throw .malformed(
                "expected a letter of an option, A to \(lastLetter), found \(Self.letters[index].text)", offset: 0)
        }
        return Self.letters[index]
    }

    /// The letter where the text is one letter with decoration.
    private func letter(in bytes: [UInt8]) -> UInt8? {
        var core = AnswerDecoration.peel(bytes[...], takesBrackets: true)
        for word in ["option ", "choice "] where core.count > word.utf8.count {
            if ASCII.matches(word, in: bytes, at: core.startIndex) {
                core = AnswerDecoration.peel(core.dropFirst(word.utf8.count), takesBrackets: true)
                break
            }
        }
        if core.count == 2, core.last == UInt8(ascii: ")") { core = core.dropLast() }
        guard core.count == 1, let letter = core.first, ASCII.isLetter(letter) else { return nil }
        return letter & 0xDF
    }

    /// A letter with a mark of its own (`B.`, `(B)`, `b)`, `B:`, `B -`), and what follows.
    private static func labelled(_ bytes: [UInt8]) -> (letter: UInt8, rest: ArraySlice<UInt8>)? {
        var core = AnswerDecoration.peel(bytes[...], takesBrackets: false)
        for word in ["option ", "choice "]
        where ASCII.matches(word, in: bytes, at: core.startIndex) { core = core.dropFirst(word.utf8.count) }
        while let first = core.first, first == UInt8(ascii: "*") { core.removeFirst() }
        let opening = core.first
        if opening == UInt8(ascii: "(") || opening == UInt8(ascii: "[") { core.removeFirst() }
        guard let letter = core.first, ASCII.isLetter(letter) else { return nil }
        core.removeFirst()
        while let first = core.first, first == UInt8(ascii: "*") { core.removeFirst() }
        switch core.first {
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ")"), UInt8(ascii: "]"):
            core.removeFirst()
            if core.first == UInt8(ascii: ":") || core.first == UInt8(ascii: ".") { core.removeFirst() }
        case 0x20 where core.dropFirst().starts(with: "- ".utf8): core = core.dropFirst(3)
        default: return nil
        }
        while let first = core.first, first == UInt8(ascii: "*") { core.removeFirst() }
        return (letter & 0xDF, core)
    }
}
