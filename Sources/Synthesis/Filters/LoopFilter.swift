import Primitives

/// Keeps demonstrations that make no call again which had worked, side by side or far apart.
///
/// Two calls are the same when tool and arguments are, whatever the arguments' order, case and spacing. A walk in circles
/// consists of such calls. Repeating a failed call is no loop.
public struct LoopFilter: TrajectoryFilter {
    public let name = "loops"
    /// How often the same successful call may occur.
    public var maximumOccurrences: Int

    public init(maximumOccurrences: Int = 1) { self.maximumOccurrences = maximumOccurrences }

    public func problem(of candidate: FilterCandidate) -> String? {
        let failed = Set(candidate.demonstration.failedCalls)
        var counts: [String: Int] = [:]
        for call in candidate.demonstration.messages.flatMap(\.toolCalls) where !failed.contains(call.id ?? "") {
            let count = counts[Self.identity(of: call), default: 0] + 1
            counts[Self.identity(of: call)] = count
            if count > maximumOccurrences {
                return "the same call \(call.name)(\(call.argumentsText)) worked \(count) times, expected at most "
                    + "\(maximumOccurrences)"
            }
        }
        return nil
    }

    static func identity(of call: ToolCall) -> String {
        call.name + " " + canonical(DemonstrationRunner.parsed(call).arguments).text
    }

    private static func canonical(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            .string(text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " "))
        case .array(let elements): .array(elements.map(canonical))
        case .object(let object):
            .object(
                JSONObject(
                    uniqueKeysWithValues: object.members.sorted { $0.key < $1.key }
                        .map { ($0.key, canonical($0.value)) }))
        default: value
        }
    }
}
