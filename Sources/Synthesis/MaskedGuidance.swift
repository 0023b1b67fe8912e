import Knowledge

/// What a teacher is told about the way to an answer: every relation, no entity.
///
/// Whoever follows it has to earn each entity from an observation, so that the trajectory shows how to search and not
/// what the answer is.
public struct MaskedGuidance: Sendable, Hashable {
    public static let mask = "[MASK]"

    /// The relations to follow, from the question's entity to the answer.
    public let steps: [Step]
    /// `[MASK] —indicated_for→ [MASK] —caused_by_variant_in→ [MASK]`, with the inverse name where a step goes backwards.
    public let text: String

    public init(certificate: Certificate, relations: [Relation]) {
        steps = certificate.query.steps
        text = steps.reduce(Self.mask) { text, step in
            let relation = relations[Int(step.relation)]
            return text + " —\(step.isInverse ? relation.inverseName : relation.name)→ " + Self.mask
        }
    }
}
