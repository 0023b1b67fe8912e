import Knowledge

/// What a teacher is told about the ways to an answer: every relation, no entity.
///
/// Whoever follows it has to earn each entity from an observation, so that the trajectory shows how to search and not
/// what the answer is. It stands in the teacher's prompt only: ``LeakageFilter`` refuses trajectories that repeat it, and
/// the student's prompt is made without it.
public struct MaskedGuidance: Sendable, Hashable {
    public static let mask = "[MASK]"

    /// For each constraint the relations to follow, from an entity that the question names to the answer.
    public let paths: [[Step]]
    /// `[MASK] —indicated_for→ [MASK] —caused_by_variant_in→ [MASK]`, with the inverse name where a step goes backwards;
    /// one line for each constraint.
    public let text: String
    /// The relations' names in order, the inverse name where a step goes backwards.
    public let relationNames: [[String]]

    public init(certificate: Certificate, relations: [Relation]) {
        paths = certificate.query.constraints.map(\.steps)
        relationNames = paths.map { path in
            path.map { step in
                let relation = relations[Int(step.relation)]
                return step.isInverse ? relation.inverseName : relation.name
            }
        }
        text = relationNames.map { names in
            names.reduce(Self.mask) { text, name in text + " —\(name)→ " + Self.mask }
        }.joined(separator: "\n")
    }

    /// One masked triple a line: `([MASK], indicated_for, [MASK])`. Of several constraints each is headed, and the last
    /// mask of all stands for the answer.
    public var triples: String {
        let blocks = relationNames.map { names in
            names.map { "(\(Self.mask), \($0), \(Self.mask))" }.joined(separator: "\n")
        }
        guard blocks.count > 1 else { return blocks.joined() }
        return blocks.enumerated().map { "Condition \($0 + 1):\n\($1)" }.joined(separator: "\n")
            + "\nThe last \(Self.mask) of every condition is the same entity."
    }
}
