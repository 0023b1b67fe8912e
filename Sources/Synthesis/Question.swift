import Knowledge
import Primitives
import Rewards

/// A question of several hops with its one right answer and the proof that it is the only one: a chain, or a conjunction of
/// chains that meet at the answer.
public struct Question: Sendable, Hashable {
    /// What a question is used for. Questions of the held-out split share no answer and no intermediate entity with those
    /// of the other two.
    public enum Split: String, Sendable, Hashable, CaseIterable {
        case supervised, reinforcement
        case heldOut = "held_out"
    }

    /// Unique in its set and stable: `q00017`.
    public var id: String
    public var text: String
    public var gold: Gold
    /// For each constraint the names from its anchor to the answer, for diagnosis only: the policy never sees them.
    public var chains: [[String]]
    public var specialty: String?
    public var split: Split
    public var certificate: Certificate

    public var hops: Int { certificate.hops }
    /// The entities that the text names, one for each constraint.
    public var anchors: [String] { chains.compactMap(\.first) }
    /// For each constraint the steps as `KnowledgeGraph.name(of:)` writes them.
    public var relations: [[String]] { certificate.stepNames }
    /// What is asked for: the last relation of each constraint.
    public var asked: String { relations.compactMap(\.last).joined(separator: " & ") }

    public init(
        id: String, text: String, gold: Gold, chains: [[String]], specialty: String?, split: Split,
        certificate: Certificate
    ) {
        self.id = id
        self.text = text
        self.gold = gold
        self.chains = chains
        self.specialty = specialty
        self.split = split
        self.certificate = certificate
    }

    /// Everything but the certificate, which `certificate.json` gives.
    public var json: JSONValue {
        [
            "id": .string(id), "question": .string(text), "gold": gold.json, "hops": .integer(hops),
            "anchors": .array(anchors.map { .string($0) }), "chains": .texts(chains), "relations": .texts(relations),
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
        let chains = try json.textLists(at: "chains")
        guard chains.map(\.count) == certificate.proofs.map(\.witness.count) else {
            throw .unexpected(
                path: "chains",
                expected: "the names of \(certificate.proofs.map(\.witness.count)) entities, as its "
                    + "certificate says", found: "\(chains.map(\.count))")
        }
        let hops = try json.integer(at: "hops")
        guard hops == certificate.hops else {
            throw .unexpected(path: "hops", expected: "\(certificate.hops), as its certificate says", found: "\(hops)")
        }
        self.init(
            id: try json.string(at: "id"), text: try json.string(at: "question"),
            gold: try Gold(json: .object(try json.object(at: "gold"))), chains: chains,
            specialty: json["specialty"]?.stringValue, split: split, certificate: certificate)
    }
}

extension JSONValue {
    func texts(at key: String) throws(JSONError) -> [String] { try Self.texts(in: array(at: key), path: key) }

    /// An array of arrays of strings.
    func textLists(at key: String) throws(JSONError) -> [[String]] {
        var lists: [[String]] = []
        for (index, element) in try array(at: key).enumerated() {
            guard let list = element.arrayValue else {
                throw .unexpected(path: key, expected: "an array of arrays", found: "\(element.kind) in it")
            }
            lists.append(try Self.texts(in: list, path: "\(key)[\(index)]"))
        }
        return lists
    }

    static func texts(_ lists: [[String]]) -> JSONValue {
        .array(lists.map { .array($0.map { .string($0) }) })
    }

    private static func texts(in elements: [JSONValue], path: String) throws(JSONError) -> [String] {
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue else {
                throw .unexpected(path: path, expected: "an array of strings", found: "\(element.kind) in it")
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
