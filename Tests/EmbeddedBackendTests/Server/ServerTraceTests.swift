import Primitives
import SwiftProtobuf
import Testing
import TinkerProtocol

@testable import EmbeddedBackend

/// Replays what the SDKs sent to SkyRL, binary bodies included, and compares the shapes of the answers with the recorded
/// ones.
@Suite(.enabled(if: RecordedTrace.arePresent, "the recorded traffic ../shared/protocol/traces is absent"))
struct ServerTraceTests {
    /// SkyRL has metrics of its own, and says null of a seed that it has yet to draw.
    private static let ownMembers: Set<String> = ["metrics", "seed"]

    /// SkyRL 0.3.0 answered in JSON to whoever would also have taken a message.
    @Test(arguments: zip(RecordedTrace.allCases, [["content-type"], ["accept", "content-type"]]))
    func recordedRequestsGetAnswersOfTheRecordedShape(_ trace: RecordedTrace, sentHeaders: Set<String>) async throws {
        let exchanges = try trace.exchanges()
        try await ServerFixture.with { server in
            var ids: [String: String] = ["/models/tiny-qwen3": "tiny"]
            for exchange in exchanges {
                let path = exchange.path
                let headers = exchange.requestHeaders.filter { sentHeaders.contains($0.key) }
                let body = try Self.bytes(exchange.request, ids: ids)
                var answer = try await server.sendRaw("POST", path, body: body, headers: headers)
                while String(decoding: answer.body, as: UTF8.self).contains("\"try_again\"") {
                    answer = try await server.sendRaw("POST", path, body: body, headers: headers)
                }
                // SkyRL does not know this route.
                if path == "client/dynamic_config" { continue }
                #expect(answer.status == exchange.status, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
                #expect(answer.type == exchange.responseType, "\(path)")
                switch exchange.response {
                case .json(let recorded):
                    let answer = try JSONValue.parse(answer.body)
                    Self.compare(answer, recorded, at: path)
                    Self.learn(from: recorded, answer, into: &ids)
                case .message(let recorded):
                    let type = exchange.requestHeaders["x-tinker-request-type"]
                    try Self.compare(recorded, answer.body, type: type)
                }
            }
        }
        let messages = exchanges.count { $0.response.message != nil }
        #expect(trace == .json ? messages == 0 : messages >= 3)
    }

    private static func bytes(_ request: RecordedTrace.Body, ids: [String: String]) throws -> [UInt8] {
        switch request {
        case .json(let value): return substitute(ids, in: value).serialized()
        case .message(let bytes):
            var message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: bytes)
            #expect(message.unknownFields.data.isEmpty)
            message.modelID = ids[message.modelID] ?? message.modelID
            return try message.serializedBytes()
        }
    }

    /// Puts this server's ids and paths where the recorded ones stand.
    private static func substitute(_ ids: [String: String], in value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(ids[text] ?? text)
        case .array(let elements): return .array(elements.map { substitute(ids, in: $0) })
        case .object(let object):
            var result = JSONObject()
            for member in object.members { result[member.key] = substitute(ids, in: member.value) }
            return .object(result)
        default: return value
        }
    }

    private static func learn(from recorded: JSONValue, _ answer: JSONValue, into ids: inout [String: String]) {
        for key in ["session_id", "model_id", "request_id", "sampling_session_id", "path"] {
            if let old = recorded[key]?.stringValue, let new = answer[key]?.stringValue { ids[old] = new }
        }
    }

    private static func compare(_ answer: JSONValue, _ recorded: JSONValue, at path: String) {
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

    private static func compare(_ recorded: [UInt8], _ answer: [UInt8], type: String?) throws {
        if type == "Sample" {
            let (old, new) = (
                try TinkerPublic_SampleResponse(serializedBytes: recorded),
                try TinkerPublic_SampleResponse(serializedBytes: answer)
            )
            #expect(old.sequences.map(\.tokens.count) == new.sequences.map(\.tokens.count))
            #expect(old.sequences.map(\.logprobs.count) == new.sequences.map(\.logprobs.count))
            return
        }
        let (old, new) = (
            try TinkerPublic_ForwardBackwardOutput(serializedBytes: recorded),
            try TinkerPublic_ForwardBackwardOutput(serializedBytes: answer)
        )
        #expect(old.lossFnOutputType == new.lossFnOutputType)
        #expect(old.lossFnOutputs.map(\.numDatums) == new.lossFnOutputs.map(\.numDatums))
        for (old, new) in zip(old.lossFnOutputs, new.lossFnOutputs) {
            #expect(Set(old.fields.keys) == Set(new.fields.keys))
            #expect(old.fields["logprobs"]?.offsets == new.fields["logprobs"]?.offsets)
        }
    }
}
