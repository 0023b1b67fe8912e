/// Reads durations. The canonical text is a number of months and a number of seconds, both exact: a year is twelve
/// months, a month is no number of days.
struct DurationReader: AnswerReader {
    let policy: DurationPolicy

    init(policy: DurationPolicy = DurationPolicy()) { self.policy = policy }

    private static let maximumLength = 128

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a duration, found an empty text") }
        guard text.bytes.count <= Self.maximumLength else {
            throw .malformed("expected a duration, found \(text.bytes.count) bytes")
        }
        try work.spend(text.bytes.count)
        let text = Self.plain(text.withoutEmphasis(&work).withoutFullStop, &work)
        if let value = ISODurationScanner.read(text.bytes) {
            return CanonicalValue(.duration, value.text(policy.days))
        }
        let value = try WrittenDurationScanner.read(text.bytes, policy: policy)
        work.apply("written duration")
        return CanonicalValue(.duration, value.text(policy.days))
    }

    /// The text without words of age.
    private static func plain(_ text: AnswerText, _ work: inout Work) -> AnswerText {
        guard let bare = AgeWords.removed(from: text.bytes) else { return text }
        work.apply("age")
        return AnswerText(bare[...])
    }
}
