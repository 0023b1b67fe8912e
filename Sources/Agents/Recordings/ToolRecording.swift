import Primitives
import Storage
import Tokenizers

/// Recorded answers of tools, `medresearcher.tools/1`: a line `{"tool": …, "arguments": …, "result": …}` for each call, or
/// with `failure` in the place of `result`, and a line `{"server": …, "tools": […]}` for what a server of tools offered, so
/// that a replay needs no server. Calls are the same whatever the order of their arguments.
/// The actor runs on a queue of its own.
public actor ToolRecording {
    public static let format = "medresearcher.tools/1"

    private nonisolated let executor = QueueExecutor(label: "medresearcher.tool-recording")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    public nonisolated let mode: RecordingMode
    private let file: RecordingFile
    private var answers: [String: Result<ToolResult, ToolFailure>] = [:]
    private var offers: [String: [ToolDescription]] = [:]

    public init(path: String, mode: RecordingMode) throws(StorageError) {
        self.mode = mode
        file = try RecordingFile(path: path, format: Self.format, mode: mode)
        // What is recorded afresh must not be answered from before.
        guard mode != .record else { return }
        for (index, row) in file.rows.enumerated() {
            do throws(JSONError) {
                if row["server"] != nil {
                    offers[try row.string(at: "server")] = try Self.descriptions(in: row)
                    continue
                }
                guard let arguments = row["arguments"] else {
                    throw .unexpected(path: "arguments", expected: "an object", found: "missing")
                }
                let key = Self.key(try row.string(at: "tool"), arguments)
                answers[key] =
                    if let failure = row["failure"] {
                        .failure(try ToolFailure(json: failure))
                    } else {
                        .success(try ToolResult(json: .object(try row.object(at: "result"))))
                    }
            } catch {
                throw file.malformed(row: index, error)
            }
        }
    }

    /// How many calls have an answer.
    public var count: Int { answers.count }

    /// The tool's name and its arguments with their keys in order, all the way down.
    static func key(_ tool: String, _ arguments: JSONValue) -> String {
        JSONValue.array([.string(tool), arguments.sorted]).text
    }

    func answer(_ key: String) -> Result<ToolResult, ToolFailure>? { answers[key] }

    /// Keeps the first answer to a call; the same call is told the same from then on.
    func keep(
        _ answer: Result<ToolResult, ToolFailure>, tool: String, arguments: JSONValue
    ) throws(StorageError) -> Result<ToolResult, ToolFailure> {
        let key = Self.key(tool, arguments)
        if let kept = answers[key] { return kept }
        var row: JSONObject = ["tool": .string(tool), "arguments": arguments.sorted]
        switch answer {
        case .success(let result): row["result"] = result.json
        case .failure(let failure): row["failure"] = failure.json
        }
        try file.keep(.object(row))
        answers[key] = answer
        return answer
    }

    /// What a server of tools offered when it was recorded.
    public func offer(of server: String) -> [ToolDescription]? { offers[server] }

    /// Keeps what a server offers, unless the recording says so already.
    public func keep(_ tools: [ToolDescription], of server: String) throws(StorageError) {
        guard mode != .replay, offers[server] != tools else { return }
        let descriptions = tools.map { tool -> JSONValue in
            [
                "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters,
            ]
        }
        try file.keep(["server": .string(server), "tools": .array(descriptions)])
        offers[server] = tools
    }

    private static func descriptions(in row: JSONValue) throws(JSONError) -> [ToolDescription] {
        var descriptions: [ToolDescription] = []
        for tool in try row.array(at: "tools") {
            descriptions.append(
                ToolDescription(
                    name: try tool.string(at: "name"), description: try tool.string(at: "description"),
                    parameters: .object(try tool.object(at: "parameters"))))
        }
        return descriptions
    }

    func absence(of key: String) -> String {
        "the recording has no answer to \(key.prefix(300)); " + RecordingFile.nearest(key, in: Array(answers.keys))
    }
}

extension JSONValue {
    /// With the members of all objects in the order of their keys' bytes.
    var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    uniqueKeysWithValues: object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                        .map { ($0.key, $0.value.sorted) }))
        default: self
        }
    }
}
