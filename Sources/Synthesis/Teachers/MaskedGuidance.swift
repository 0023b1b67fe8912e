import Knowledge

/// What a teacher is told about the way to an answer: every relation, no entity.
///
/// Whoever follows it has to earn each entity from an observation, so that the trajectory shows how to search and not
/// what the answer is. It stands in the teacher's prompt only: ``LeakageFilter`` refuses trajectories that repeat it, and
/// the student's prompt is made without it.
public struct MaskedGuidance: Sendable, Hashable {
    public static let mask = "[MASK]"

    /// The relations to follow, from the question's entity to the answer.
    public let steps: [Step]
    /// `[MASK] —indicated_for→ [MASK] —caused_by_variant_in→ [MASK]`, with the inverse name where a step goes backwards.
    public let text: String
    /// The relations' names in order, the inverse name where a step goes backwards.
    public let relationNames: [String]

    public init(certificate: Certificate, relations: [Relation]) {
        steps = certificate.query.steps
        relationNames = steps.map { step in
            let relation = relations[Int(step.relation)]
            return step.isInverse ? relation.inverseName : relation.name
        }
        text = relationNames.reduce(Self.mask) { text, name in text + " —\(name)→ " + Self.mask }
    }

    /// One masked triple a line: `([MASK], indicated_for, [MASK])`.
    public var triples: String {
        relationNames.map { "(\(Self.mask), \($0), \(Self.mask))" }.joined(separator: "\n")
    }
}
