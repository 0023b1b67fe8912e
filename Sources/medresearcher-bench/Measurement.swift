import Primitives

/// One measured quantity, with the same quantity of a peer where one was there.
struct Measurement {
    enum Direction: String {
        case higherIsBetter = "higher_is_better"
        case lowerIsBetter = "lower_is_better"
    }

    struct Peer {
        var name: String
        var value: Double
    }

    var name: String
    var value: Double
    var unit: String
    var direction = Direction.higherIsBetter
    var peer: Peer?

    /// How many times better than the peer this is: above 1 is ahead of it.
    var ratio: Double? {
        guard let peer, peer.value > 0, value > 0 else { return nil }
        return direction == .higherIsBetter ? value / peer.value : peer.value / value
    }

    var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "value": .number(value), "unit": .string(unit),
            "direction": .string(direction.rawValue),
        ]
        if let peer {
            object["peer"] = .string(peer.name)
            object["peer_value"] = .number(peer.value)
        }
        if let ratio { object["ratio"] = .number(ratio) }
        return .object(object)
    }
}
