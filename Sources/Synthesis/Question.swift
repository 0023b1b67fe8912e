import Knowledge
import Primitives
import Rewards

/// A question of several hops with its one right answer and the proof that it is the only one.
public struct Question: Sendable, Hashable {
    /// What a question is used for. Chains of the held-out split share no answer and no intermediate entity with the
    /// chains of the other two.
    public enum Split: String, Sendable, Hashable, CaseIterable {
        case supervised, reinforcement
        case heldOut = "held_out"
    }

    /// Unique in its set and stable: `q00017`.
    public var id: String
    public var text: String
    public var gold: Gold
    /// The entity that the text names.
    public var anchor: String
    /// The names from anchor to answer, for diagnosis only: the policy never sees them.
    public var chain: [String]
    /// The steps as `KnowledgeGraph.name(of:)` writes them.
    public var relations: [String]
    /// The medical field of the first entity on the chain that has one.
    public var specialty: String?
    public var split: Split
    public var certificate: Certificate

    public var hops: Int { certificate.hops }
    public var steps: [Step] { certificate.query.steps }

    public init(
        id: String, text: String, gold: Gold, anchor: String, chain: [String], relations: [String],
        specialty: String?, split: Split, certificate: Certificate
    ) {
        self.id = id
        self.text = text
        self.gold = gold
        self.anchor = anchor
        self.chain = chain
        self.relations = relations
        self.specialty = specialty
        self.split = split
        self.certificate = certificate
    }

    /// Everything but the certificate, which `certificate.json` gives.
    public var json: JSONValue {
        [
            "id": .string(id), "question": .string(text), "gold": gold.json, "hops": .integer(Int64(hops)),
            "anchor": .string(anchor), "chain": .array(chain.map { .string($0) }),
            "relations": .array(relations.map { .string($0) }),
            "specialty": specialty.map { .string($0) } ?? .null, "split": .string(split.rawValue),
        ]
    }

    /// Reads what `json` writes.
    public init(json: JSONValue, certificate: Certificate) throws(SynthesisError) {
        func fail(_ field: String, _ expected: String) -> SynthesisError {
            .invalidRow(kind: "question", field: field, found: json[field]?.text ?? "nothing", expected: expected)
        }
        func text(_ field: String) throws(SynthesisError) -> String {
            guard let value = json[field]?.stringValue else { throw fail(field, "a string") }
            return value
        }
        func texts(_ field: String) throws(SynthesisError) -> [String] {
            let values = json[field]?.arrayValue
            guard let texts = values?.compactMap(\.stringValue), texts.count == values?.count else {
                throw fail(field, "an array of strings")
            }
            return texts
        }
        guard let split = Split(rawValue: try text("split")) else {
            throw fail("split", Split.allCases.map(\.rawValue).joined(separator: " or "))
        }
        guard let goldJSON = json["gold"] else { throw fail("gold", "an object") }
        let gold: Gold
        do throws(RewardError) { gold = try Gold(json: goldJSON) } catch {
            throw .unusableGold(question: try text("id"), reason: error)
        }
        guard json["hops"]?.integerValue == certificate.hops else {
            throw fail("hops", "\(certificate.hops), as the certificate says")
        }
        self.init(
            id: try text("id"), text: try text("question"), gold: gold, anchor: try text("anchor"),
            chain: try texts("chain"), relations: try texts("relations"), specialty: json["specialty"]?.stringValue,
            split: split, certificate: certificate)
    }
}
