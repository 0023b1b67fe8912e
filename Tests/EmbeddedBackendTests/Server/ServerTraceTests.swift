import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

/// Replays what the SDK 0.24.1 sent to SkyRL 0.3.0 and compares the shapes of the answers with the recorded ones.
@Suite struct ServerTraceTests {
    static let file: String = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent()
            .appendingPathComponent("shared/protocol/traces/trace_json_sdk0.24.1_skyrl0.3.0.jsonl").path
    }()
    static let isPresent = FileManager.default.fileExists(atPath: file)

    /// SkyRL has metrics of its own, and says null of a seed that it has yet to draw.
    static let ownMembers: Set<String> = ["metrics", "seed"]

    @Test(.enabled(if: isPresent, "the recorded traffic ../shared/protocol/traces is absent"))
    func recordedRequestsGetAnswersOfTheRecordedShape() async throws {
        let lines = try String(contentsOfFile: Self.file, encoding: .utf8).split(separator: "\n")
        try await ServerFixture.with { server in
            var ids: [String: String] = ["/models/tiny-qwen3": "tiny"]
            for line in lines {
                let exchange = try JSONValue.parse(String(line))
                let path = try exchange.string(at: "path").replacingOccurrences(of: "/api/v1/", with: "")
                let request = Self.substitute(ids, in: exchange["req"] ?? .null)
                let recorded = exchange["resp"] ?? .null
                var answer = try await server.ok(path, request)
                while answer["type"]?.stringValue == "try_again" { answer = try await server.ok(path, request) }
                Self.compare(answer, recorded, at: path)
                Self.learn(from: recorded, answer, into: &ids)
            }
        }
    }

    /// Puts this server's ids where the recorded ones stand, inside paths too.
    static func substitute(_ ids: [String: String], in value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            if let id = ids[text] { return .string(id) }
            guard text.hasPrefix("tinker://") else { return value }
            return .string(ids[text] ?? text)
        case .array(let elements): return .array(elements.map { substitute(ids, in: $0) })
        case .object(let object):
            var result = JSONObject()
            for member in object.members { result[member.key] = substitute(ids, in: member.value) }
            return .object(result)
        default: return value
        }
    }

    static func learn(from recorded: JSONValue, _ answer: JSONValue, into ids: inout [String: String]) {
        for key in ["session_id", "model_id", "request_id", "sampling_session_id", "path"] {
            if let old = recorded[key]?.stringValue, let new = answer[key]?.stringValue { ids[old] = new }
        }
    }

    static func compare(_ answer: JSONValue, _ recorded: JSONValue, at path: String) {
        switch (answer, recorded) {
        case (.object(let answer), .object(let recorded)):
            for member in recorded.members where !ownMembers.contains(member.key) {
                guard let value = answer[member.key] else {
                    Issue.record("\(path).\(member.key) is missing")
                    continue
                }
                // SkyRL leaves the first prompt token out; the API's documentation has null there.
                if member.key == "prompt_logprobs" {
                    #expect(value.arrayValue?.first == .null)
                    #expect(value.arrayValue?.count == (member.value.arrayValue?.count ?? 0) + 1)
                } else {
                    compare(value, member.value, at: "\(path).\(member.key)")
                }
            }
        case (.array(let answer), .array(let recorded)):
            #expect(answer.count == recorded.count, "\(path)")
            for (index, pair) in zip(answer, recorded).enumerated() { compare(pair.0, pair.1, at: "\(path)[\(index)]") }
        default:
            let isNumber = answer.doubleValue != nil && recorded.doubleValue != nil
            #expect(isNumber || answer.kind == recorded.kind, "\(path): \(answer.text) against \(recorded.text)")
        }
    }
}
