import Primitives

/// What became of one tool call of a turn.
public struct ToolCallRecord: Sendable, Hashable {
    /// The tool that was named; `nil` for a call that could not be read or names none.
    public var tool: String?
    /// Why it brought no result, or `nil`. Calls that were not run have none.
    public var failure: ToolFailure.Kind?
    /// Whether a tool was asked. Calls beyond a budget are not.
    public var wasRun: Bool
    /// Whether the failure was simulated.
    public var isSimulated: Bool

    public init(tool: String?, failure: ToolFailure.Kind? = nil, wasRun: Bool = true, isSimulated: Bool = false) {
        self.tool = tool
        self.failure = failure
        self.wasRun = wasRun
        self.isSimulated = isSimulated
    }

    /// Whether the tool failed rather than the policy or the simulation.
    public var isOutage: Bool { !isSimulated && failure?.isOutage == true }

    var json: JSONValue {
        var object: JSONObject = ["tool": tool.map { .string($0) } ?? .null]
        if let failure { object["failure"] = .string(failure.rawValue) }
        if !wasRun { object["not_run"] = true }
        if isSimulated { object["simulated"] = true }
        return .object(object)
    }

    init(json: JSONValue) throws(JSONError) {
        tool = json["tool"].map(\.isNull) ?? true ? nil : try json.string(at: "tool")
        if json["failure"] != nil {
            let name = try json.string(at: "failure")
            guard let kind = ToolFailure.Kind(rawValue: name) else {
                throw .unexpected(path: "failure", expected: "a kind of tool failure", found: "`\(name)`")
            }
            failure = kind
        }
        wasRun = json["not_run"] == nil ? true : try !json.bool(at: "not_run")
        isSimulated = json["simulated"] == nil ? false : try json.bool(at: "simulated")
    }
}
