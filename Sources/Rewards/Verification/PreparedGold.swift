import Primitives

/// A gold that has been read: its policy is checked, and the value and every alias have their canonical values, so that
/// many answers can be graded against it.
public struct PreparedGold: Sendable {
    public let gold: Gold
    public let limits: WorkLimits
    let reader: any AnswerReader
    let extraction: AnswerExtraction
    /// The canonical values of the gold and of its aliases, in their order.
    let accepted: [CanonicalValue]
    /// What reading the gold cost.
    let operations: Int
    /// The canonical text of the gold itself.
    public var canonical: String { accepted[0].text }

    /// - Parameter answerIn: where the answer stands if the gold's policy does not say: the agents' `<answer>` tag.
    /// - Throws: ``RewardError`` naming the policy field, or the gold text that no answer could ever equal.
    public init(_ gold: Gold, limits: WorkLimits = WorkLimits(), answerIn: String = "tag:answer") throws(RewardError) {
        var policy = gold.policy
        if policy["answer_in"] == nil { policy["answer_in"] = .string(answerIn) }
        var fields = PolicyFields(policy)
        let skipsUnusable = try fields.bool("skip_unusable_golds")
        let extraction = try AnswerExtraction(&fields)
        let reader = try AnswerReaders.reader(for: gold.type, gold: gold.value, fields: &fields)
        let others = try fields.strings("aliases")
        try fields.finish()

        var work = Work(limits: limits)
        var accepted: [CanonicalValue] = []
        var firstError: RewardError?
        for text in [gold.value] + gold.aliases + others {
            do throws(AnswerProblem) {
                accepted.append(
                    try Self.read(text, reader: reader, extraction: extraction, work: &work))
            } catch {
                firstError = firstError ?? .unusableGold(type: gold.type, text: text, problem: error.description)
                if !skipsUnusable { break }
            }
        }
        if let firstError, !skipsUnusable || accepted.isEmpty { throw firstError }
        self.gold = gold
        self.limits = limits
        self.extraction = extraction
        self.reader = reader
        self.accepted = accepted
        operations = work.operations
    }

    private static func read(
        _ text: String, reader: any AnswerReader, extraction: AnswerExtraction, work: inout Work
    ) throws(AnswerProblem) -> CanonicalValue {
        let found = try extraction.extractGold(Array(text.utf8), work: &work)
        let clean = try TextHygiene.clean(found.bytes[...], work: &work)
        guard !clean.isEmpty else { throw .malformed("the text is empty") }
        return try reader.read(clean, side: .gold, work: &work)
    }
}
