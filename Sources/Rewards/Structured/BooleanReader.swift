/// How yes and no are written.
struct BooleanPolicy: Sendable, Hashable {
    /// `maybe`: whether `maybe` is a third answer, as in PubMedQA.
    var allowsMaybe = false
    /// `initials`: whether `Y`, `N`, `T` and `F` are read.
    var allowsInitials = false

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        allowsMaybe = try fields.bool("maybe")
        allowsInitials = try fields.bool("initials")
    }
}

/// Reads yes or no, true or false, and nothing else.
struct BooleanReader: AnswerReader {
    let policy: BooleanPolicy

    init(policy: BooleanPolicy = BooleanPolicy()) { self.policy = policy }

    private static let yes = CanonicalValue(.boolean, "true")
    private static let no = CanonicalValue(.boolean, "false")
    private static let maybe = CanonicalValue(.boolean, "maybe")

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        try work.spend(text.bytes.count)
        if let value = value(of: PlainFold.fold(text)) { return value }
        var words = "expected yes, no, true or false"
        if policy.allowsMaybe { words += " or maybe" }
        throw .malformed(words + (text.isEmpty ? ", found an empty answer" : ", found another text"), offset: 0)
    }

    private func value(of word: [UInt8]) -> CanonicalValue? {
        switch word.count {
        case 1 where policy.allowsInitials:
            switch word[0] {
            case UInt8(ascii: "y"), UInt8(ascii: "t"): Self.yes
            case UInt8(ascii: "n"), UInt8(ascii: "f"): Self.no
            default: nil
            }
        case 2: ASCII.matches("no", in: word, at: 0) ? Self.no : nil
        case 3: ASCII.matches("yes", in: word, at: 0) ? Self.yes : nil
        case 4: ASCII.matches("true", in: word, at: 0) ? Self.yes : nil
        case 5 where ASCII.matches("false", in: word, at: 0): Self.no
        case 5 where policy.allowsMaybe && ASCII.matches("maybe", in: word, at: 0): Self.maybe
        default: nil
        }
    }
}
