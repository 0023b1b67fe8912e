import Primitives

// The stored form of a logged decision. What is absent by default is not written: budgets without bound, no keywords,
// no credit, no statistics.

extension ToolSelectionRecord {
    public var json: JSONValue {
        var object: JSONObject = [
            "state": state.json, "selection": selection.json, "calls": .array(calls.map(\.json)),
        ]
        object["reward"] = reward.map { .number($0) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            state: try json.member("state") { value throws(JSONError) in try ToolSelectionState(json: value) },
            selection: try json.member("selection") { value throws(JSONError) in try ToolSelection(json: value) },
            calls: try json.elements("calls") { value throws(JSONError) in try SelectionCall(json: value) },
            reward: try json.optionalDouble("reward"))
    }
}

extension ToolSelection {
    public var json: JSONValue {
        [
            "policy": .string(policy),
            "choices": .array(
                choices.map {
                    [
                        "tool": .string($0.tool), "score": .number($0.score), "offered": .bool($0.isOffered),
                        "reason": .string($0.reason),
                    ]
                }),
        ]
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            policy: try json.string(at: "policy"),
            choices: try json.elements("choices") { value throws(JSONError) in
                Choice(
                    tool: try value.string(at: "tool"), score: try value.double(at: "score"),
                    isOffered: try value.bool(at: "offered"), reason: try value.string(at: "reason"))
            })
    }
}

extension ToolSelectionState {
    public var json: JSONValue {
        var object: JSONObject = [
            "question": .string(question), "turn": .integer(turn), "tools": .array(tools.map(\.json)),
            "calls": .array(calls.map(\.json)), "budgets": budgets.json,
        ]
        if !statistics.entries.isEmpty { object["statistics"] = statistics.json }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            question: try json.string(at: "question"), turn: try json.integer(at: "turn"),
            tools: try json.elements("tools") { value throws(JSONError) in try SelectableTool(json: value) },
            calls: try json.elements("calls") { value throws(JSONError) in try SelectionCall(json: value) },
            budgets: try json.member("budgets") { value throws(JSONError) in try Budgets(json: value) },
            statistics: json["statistics"] == nil
                ? ToolStatistics()
                : try json.member("statistics") { value throws(JSONError) in try ToolStatistics(json: value) })
    }
}

extension ToolSelectionState.Budgets {
    public var json: JSONValue {
        var object = JSONObject()
        object["turns"] = turns.map { .integer($0) }
        object["calls"] = calls.map { .integer($0) }
        object["tokens"] = tokens.map { .integer($0) }
        object["cost"] = cost.map { .number($0) }
        object["seconds"] = seconds.map { .number($0) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            turns: try json.optionalInteger("turns"), calls: try json.optionalInteger("calls"),
            tokens: try json.optionalInteger("tokens"), cost: try json.optionalDouble("cost"),
            seconds: try json.optionalDouble("seconds"))
    }
}

extension SelectableTool {
    public var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "purpose": .string(purpose), "group": .string(group.rawValue),
            "cost_per_call": .number(costPerCall), "suspended": .bool(isSuspended),
        ]
        if !keywords.isEmpty { object["keywords"] = .array(keywords.map { .string($0) }) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            name: try json.string(at: "name"), purpose: try json.string(at: "purpose"),
            group: try json.word("group", Group.allCases),
            keywords: json["keywords"] == nil
                ? []
                : try json.elements("keywords") { value throws(JSONError) in
                    guard let word = value.stringValue else {
                        throw .unexpected(path: "", expected: "a string", found: value.kind)
                    }
                    return word
                },
            costPerCall: try json.double(at: "cost_per_call"), isSuspended: try json.bool(at: "suspended"))
    }
}

extension SelectionCall {
    public var json: JSONValue {
        var object: JSONObject = [
            "turn": .integer(turn), "tool": .string(tool), "query": .string(query),
            "outcome": .string(outcome.word), "cost": .number(cost), "seconds": .number(seconds),
        ]
        object["credit"] = credit.map { .number($0) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        let word = try json.string(at: "outcome")
        guard let outcome = Outcome(word) else {
            let words = ToolFailure.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "outcome", expected: "one of found, found_nothing, \(words)", found: "`\(word)`")
        }
        self.init(
            turn: try json.integer(at: "turn"), tool: try json.string(at: "tool"), query: try json.string(at: "query"),
            outcome: outcome, cost: try json.double(at: "cost"), seconds: try json.double(at: "seconds"),
            credit: try json.optionalDouble("credit"))
    }
}

extension SelectionCall.Outcome {
    /// As logs say it: `found`, `found_nothing`, or the kind of failure.
    public var word: String {
        switch self {
        case .found: "found"
        case .foundNothing: "found_nothing"
        case .failed(let kind): kind.rawValue
        }
    }

    public init?(_ word: String) {
        switch word {
        case "found": self = .found
        case "found_nothing": self = .foundNothing
        default:
            guard let kind = ToolFailure.Kind(rawValue: word) else { return nil }
            self = .failed(kind)
        }
    }
}

extension ToolStatistics {
    public var json: JSONValue {
        .array(
            entries.map {
                [
                    "tool": .string($0.tool), "calls": .integer($0.calls), "outages": .integer($0.outages),
                    "usefulness": .number($0.usefulness), "cost": .number($0.cost), "seconds": .number($0.seconds),
                ]
            })
    }

    public init(json: JSONValue) throws(JSONError) {
        guard let elements = json.arrayValue else {
            throw .unexpected(path: "", expected: "an array", found: json.kind)
        }
        var entries: [Entry] = []
        for (index, element) in elements.enumerated() {
            do {
                entries.append(
                    Entry(
                        tool: try element.string(at: "tool"), calls: try element.integer(at: "calls"),
                        outages: try element.integer(at: "outages"), usefulness: try element.double(at: "usefulness"),
                        cost: try element.double(at: "cost"), seconds: try element.double(at: "seconds")))
            } catch { throw error.within("[\(index)]") }
        }
        self.init(entries: entries)
    }
}

/// Members that are values of their own, with errors that name the whole path.
extension JSONValue {
    fileprivate func member<Value>(
        _ key: String, _ read: (JSONValue) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        guard let value = self[key] else { throw .unexpected(path: key, expected: "a value", found: "missing") }
        do { return try read(value) } catch { throw error.within(key) }
    }

    fileprivate func elements<Value>(
        _ key: String, _ read: (JSONValue) throws(JSONError) -> Value
    ) throws(JSONError) -> [Value] {
        var values: [Value] = []
        for (index, element) in try array(at: key).enumerated() {
            do { values.append(try read(element)) } catch { throw error.within("\(key)[\(index)]") }
        }
        return values
    }

    fileprivate func optionalDouble(_ key: String) throws(JSONError) -> Double? {
        self[key] == nil ? nil : try double(at: key)
    }

    fileprivate func optionalInteger(_ key: String) throws(JSONError) -> Int? {
        self[key] == nil ? nil : try integer(at: key)
    }

    fileprivate func word<Word: RawRepresentable<String>>(_ key: String, _ words: [Word]) throws(JSONError) -> Word {
        let text = try string(at: key)
        guard let word = Word(rawValue: text) else {
            let names = words.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: key, expected: "one of \(names)", found: "`\(text)`")
        }
        return word
    }
}
