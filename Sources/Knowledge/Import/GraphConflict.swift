import Primitives

/// Statements that cannot all stand in one graph: what was kept, what was left out, and who states it.
public struct GraphConflict: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A functional relation has several tails.
        case functional
        /// Facts of an acyclic relation lead back to where they began.
        case cycle
        /// A fact connects types that its relation does not, or one id has two types.
        case type
        /// A fact connects an entity with itself.
        case selfReference = "self_reference"
        /// Two entities share a name that would merge them, but their numbers or letters differ ("type 2A", "type 2B").
        case designator
        /// Two entities share a name or cross-reference that would merge them, but one vocabulary tells them apart.
        case vocabulary
        /// A synonym that belongs to several entities.
        case synonym
        /// Entities of one name that are different things.
        case name
        /// Sources that were merged assign different specialties.
        case specialty
    }

    /// A statement and its evidence; entities' names and ids have none.
    public struct Claim: Sendable, Hashable {
        public var text: String
        public var evidence: [Evidence]

        public init(_ text: String, evidence: [Evidence] = []) {
            self.text = text
            self.evidence = evidence
        }

        public var json: JSONValue {
            var object: JSONObject = ["claim": .string(text)]
            if !evidence.isEmpty { object["evidence"] = .array(evidence.map(\.record)) }
            return .object(object)
        }
    }

    public var kind: Kind
    /// What the claims are about.
    public var subject: String
    public var kept: [Claim]
    public var leftOut: [Claim]

    public init(_ kind: Kind, subject: String, kept: [Claim] = [], leftOut: [Claim]) {
        self.kind = kind
        self.subject = subject
        self.kept = kept
        self.leftOut = leftOut
    }

    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "subject": .string(subject), "kept": .array(kept.map(\.json)),
            "left_out": .array(leftOut.map(\.json)),
        ]
    }
}
