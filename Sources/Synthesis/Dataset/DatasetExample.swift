import Primitives

/// One conversation of a supervised data set, with where it comes from.
///
/// ``SupervisedExample`` reads the same rows: it takes messages, weights and the question's id, and ignores the rest.
public struct DatasetExample: Sendable, Hashable {
    /// What a conversation was made of and by.
    public struct Provenance: Sendable, Hashable {
        /// SHA-256 of the certificate's JSON.
        public var certificate: String
        /// The digest of the graph that it holds for.
        public var graph: String
        public var teacher: String
        public var isGuided: Bool
        public var rollout: Int
        public var seed: UInt64
        /// SHA-256 of the filters' settings.
        public var filters: String
        /// How many thoughts a model rewrote.
        public var rewrittenThoughts: Int
    }

    public enum Split: String, Sendable, Hashable, CaseIterable { case train, validation }

    public var id: String
    public var questionID: String
    public var messages: [Message]
    /// The weight of the loss on each message.
    public var weights: [Float]
    public var split: Split
    public var specialty: String?
    public var hops: Int
    public var toolCalls: Int
    public var provenance: Provenance

    /// The members of the row before the tools, and after them.
    var head: JSONObject {
        ["id": .string(id), "question_id": .string(questionID), "split": .string(split.rawValue)]
    }

    var tail: JSONObject {
        [
            "weights": .floats(weights), "specialty": specialty.map { .string($0) } ?? .null, "hops": .integer(hops),
            "tool_calls": .integer(toolCalls),
            "provenance": [
                "certificate": .string(provenance.certificate), "graph": .string(provenance.graph),
                "teacher": .string(provenance.teacher), "guided": .bool(provenance.isGuided),
                "rollout": .integer(provenance.rollout), "seed": .integer(Int64(bitPattern: provenance.seed)),
                "filters": .string(provenance.filters), "rewritten_thoughts": .integer(provenance.rewrittenThoughts),
            ],
        ]
    }

    /// The row as a JSON value, for those who read it; ``DatasetRowEncoder`` writes the same bytes faster.
    public func json(tools: [JSONValue]) -> JSONValue {
        var object = head
        object["messages"] = .array(messages.map(\.json))
        object["tools"] = .array(tools)
        for (key, value) in tail.members { object[key] = value }
        return .object(object)
    }
}

extension DatasetExample {
    /// Reads a row; the tools are not part of the value.
    public init(json: JSONValue) throws(JSONError) {
        let example = try SupervisedExample(json: json)
        let provenance = JSONValue.object(try json.object(at: "provenance"))
        let splitName = try json.string(at: "split")
        guard let split = Split(rawValue: splitName) else {
            let known = Split.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "split", expected: "one of \(known)", found: "`\(splitName)`")
        }
        self.init(
            id: try json.string(at: "id"), questionID: example.questionID, messages: example.messages,
            weights: example.weights, split: split, specialty: json["specialty"]?.stringValue,
            hops: try json.integer(at: "hops"), toolCalls: try json.integer(at: "tool_calls"),
            provenance: Provenance(
                certificate: try provenance.string(at: "certificate"), graph: try provenance.string(at: "graph"),
                teacher: try provenance.string(at: "teacher"), isGuided: try provenance.bool(at: "guided"),
                rollout: try provenance.integer(at: "rollout"),
                seed: UInt64(bitPattern: Int64(try provenance.integer(at: "seed"))),
                filters: try provenance.string(at: "filters"),
                rewrittenThoughts: try provenance.integer(at: "rewritten_thoughts")))
    }

    /// The weight of each message of a demonstration: 1 for turns, 0 for the rest and for turns whose calls failed by the
    /// teacher's own fault.
    static func weights(of demonstration: Demonstration) -> [Float] {
        let faults = Set(demonstration.failedCalls).subtracting(demonstration.simulatedFailures)
        return demonstration.messages.map { message in
            guard message.role == .assistant else { return 0 }
            return message.toolCalls.contains { faults.contains($0.id ?? "") } ? 0 : 1
        }
    }
}
