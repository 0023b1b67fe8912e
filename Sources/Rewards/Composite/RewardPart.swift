import Primitives

/// One part of a composite reward beyond task, format and efficiency, as it was for one episode.
public struct RewardPart: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case expert, efficiency, overlong, repetition, cosineLength = "cosine_length", citation
    }

    public var name: Name
    /// Unweighted, in the part's own range.
    public var value: Double
    public var weight: Double
    /// Whether the value entered the total; a part that counts only for correct answers did not for a wrong one.
    public var counts: Bool

    public init(name: Name, value: Double, weight: Double, counts: Bool) {
        self.name = name
        self.value = value
        self.weight = weight
        self.counts = counts
    }

    var contribution: Double { counts ? weight * value : 0 }

    public var json: JSONValue {
        ["name": .string(name.rawValue), "value": .number(value), "weight": .number(weight), "counts": .bool(counts)]
    }

    public init(json: JSONValue) throws(JSONError) {
        name = try json.rawValue(at: "name")
        value = try json.double(at: "value")
        weight = try json.double(at: "weight")
        counts = try json.bool(at: "counts")
    }
}
