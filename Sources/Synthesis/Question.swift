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
            "id": .string(id), "question": .string(text), "gold": gold.json, "hops": .integer(hops),
            "anchor": .string(anchor), "chain": .array(chain.map { .string($0) }),
            "relations": .array(relations.map { .string($0) }),
            "specialty": specialty.map { .string($0) } ?? .null, "split": .string(split.rawValue),
        ]
    }

    /// Reads what `json` writes.
    public init(json: JSONValue, certificate: Certificate) throws(JSONError) {
        let splitName = try json.string(at: "split")
        guard let split = Split(rawValue: splitName) else {
            let known = Split.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "split", expected: "one of \(known)", found: "`\(splitName)`")
        }
        let hops = try json.integer(at: "hops")
        guard hops == certificate.hops else {
            throw .unexpected(path: "hops", expected: "\(certificate.hops), as its certificate says", found: "\(hops)")
        }
        self.init(
            id: try json.string(at: "id"), text: try json.string(at: "question"),
            gold: try Gold(json: .object(try json.object(at: "gold"))), anchor: try json.string(at: "anchor"),
            chain: try json.texts(at: "chain"), relations: try json.texts(at: "relations"),
            specialty: json["specialty"]?.stringValue, split: split, certificate: certificate)
    }
}

extension JSONValue {
    func texts(at key: String) throws(JSONError) -> [String] {
        var texts: [String] = []
        for element in try array(at: key) {
            guard let text = element.stringValue else {
                throw .unexpected(path: key, expected: "an array of strings", found: "\(element.kind) in it")
            }
            texts.append(text)
        }
        return texts
    }
}

extension Question {
    /// The messages that an episode about this question starts with.
    public func prompt(systemPrompt: String?) -> [Message] {
        let system = systemPrompt.map { [Message(role: .system, content: $0)] } ?? []
        return system + [Message(role: .user, content: text)]
    }
}
