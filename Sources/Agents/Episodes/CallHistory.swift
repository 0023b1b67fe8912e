import Primitives

/// How often an episode made each call and read the same of it.
struct CallHistory {
    private struct Entry: Hashable {
        var tool: String
        var arguments: JSONValue
        var observation: String
    }

    private var counts: [Entry: Int] = [:]

    /// Counts one call and returns how often it has brought that observation, this time included.
    mutating func count(_ call: ToolCall, observing observation: String) -> Int {
        let entry = Entry(tool: call.name, arguments: call.arguments, observation: observation)
        counts[entry, default: 0] += 1
        return counts[entry] ?? 1
    }
}
