import Testing
import TinkerProtocol

@testable import Backends

/// Replays traffic recorded between the Tinker SDK 0.25.0 and SkyRL's main branch, in dialect P1.
@Suite(.enabled(if: RecordedTrace.arePresent, "needs ../shared/protocol/traces"))
struct RecordedProtobufTrafficTests {
    @Test func theRecordedRunIsRepeated() async throws {
        let replay = try TraceReplay(.protobuf)
        let backend = replay.backend
        defer { backend.stop() }
        // The server's profile: it is asked for no weights by policy losses, as the SDK was.
        let session = try await backend.session(.tinker, dialect: .protobuf)
        let (_, second) = try await replay.runTraining(of: "model_d5b0f5ea", in: session, logprobTolerance: 2e-6)
        #expect(second.gradientNorm == 6.209887504577637)

        // Our bodies are the SDK's, but for the order of map entries, which is free.
        let recorded = replay.exchanges.filter { $0.path == "forward_backward" }.compactMap(\.request.message)
        let sent = backend.requests("forward_backward").map(\.body)
        #expect(sent.count == recorded.count)
        for (ours, theirs) in zip(sent, recorded) {
            var message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: ours)
            // SDK 0.25 does not yet repeat the configuration.
            #expect(message.lossFnConfigV2.mapValues(\.number) == message.lossFnConfig)
            message.lossFnConfigV2 = [:]
            #expect(message == (try TinkerPublic_ForwardBackwardRequest(serializedBytes: theirs)))
            let size: [UInt8] = try message.serializedBytes()
            #expect(size.count == theirs.count)
        }
    }
}
