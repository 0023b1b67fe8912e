import Foundation
import Primitives
import SwiftProtobuf
import Testing
import TinkerProtocol

@testable import EmbeddedBackend

/// Replays what the SDK 0.25.0 sent to SkyRL, binary bodies included, and compares the shapes of the answers.
@Suite struct ServerProtobufTraceTests {
    static let file = ServerTraceTests.file.replacingOccurrences(
        of: "trace_json_sdk0.24.1_skyrl0.3.0", with: "trace_proto_sdk0.25.0_skyrlHEAD")
    static let isPresent = FileManager.default.fileExists(atPath: file)

    @Test(.enabled(if: isPresent, "the recorded traffic ../shared/protocol/traces is absent"))
    func recordedMessagesGetAnswersOfTheRecordedShape() async throws {
        let lines = try String(contentsOfFile: Self.file, encoding: .utf8).split(separator: "\n")
        try await ServerFixture.with { server in
            var ids: [String: String] = ["/models/tiny-qwen3": "tiny"]
            var messages = 0
            for line in lines {
                let exchange = try JSONValue.parse(String(line))
                let path = try exchange.string(at: "path").replacingOccurrences(of: "/api/v1/", with: "")
                let recorded = exchange["resp"] ?? .null
                var headers = [String: String]()
                for name in ["accept", "content-type"] {
                    headers[name] = exchange["req_headers"]?[name]?.stringValue
                }
                let body = try Self.body(of: exchange, ids: ids)
                var answer = try await server.sendRaw("POST", path, body: body, headers: headers)
                while String(decoding: answer.body, as: UTF8.self).contains("\"try_again\"") {
                    answer = try await server.sendRaw("POST", path, body: body, headers: headers)
                }
                if path == "client/dynamic_config" { continue }
                #expect(answer.status == 200, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
                #expect(answer.type == exchange["resp_type"]?.stringValue, "\(path)")
                if let base64 = recorded["base64"]?.stringValue {
                    messages += 1
                    let type = exchange["req_headers"]?["x-tinker-request-type"]?.stringValue
                    try Self.compare([UInt8](Data(base64Encoded: base64) ?? Data()), answer.body, type: type)
                } else {
                    let answer = try JSONValue.parse(answer.body)
                    ServerTraceTests.compare(answer, recorded, at: path)
                    ServerTraceTests.learn(from: recorded, answer, into: &ids)
                }
            }
            #expect(messages >= 3)
        }
    }

    private static func body(of exchange: JSONValue, ids: [String: String]) throws -> [UInt8] {
        let request = exchange["req"] ?? .null
        guard let base64 = request["base64"]?.stringValue, let data = Data(base64Encoded: base64) else {
            return ServerTraceTests.substitute(ids, in: request).serialized()
        }
        var message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: data)
        #expect(message.unknownFields.data.isEmpty)
        message.modelID = ids[message.modelID] ?? message.modelID
        return [UInt8](try message.serializedData())
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
