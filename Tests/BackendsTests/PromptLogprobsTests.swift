import Foundation
import Primitives
import Testing
import TinkerProtocol

@testable import Backends

@Suite struct PromptLogprobsTests {
    private func score<Value>(
        _ reply: ScriptedServer.Reply, dialect: WireDialect = .json,
        _ work: (TinkerSampler) async throws(BackendError) -> Value
    ) async throws -> (value: Value?, error: BackendError?, request: JSONValue?) {
        let backend = try TestBackend { _, path, _ in path == "retrieve_future" ? reply : nil }
        defer { backend.stop() }
        let sampler = try await backend.session(dialect: dialect).createSampler(baseModel: "base", policyVersion: 0)
        do throws(BackendError) {
            return (try await work(sampler), nil, backend.bodies("asample").first)
        } catch {
            return (nil, error, backend.bodies("asample").first)
        }
    }

    private static func reply(_ members: String) -> ScriptedServer.Reply {
        .json(#"{"sequences":[{"stop_reason":"length","tokens":[9],"logprobs":[-1]}],\#(members)}"#)
    }

    /// Some servers leave the first entry out, some mark it as missing, and some give it a number.
    @Test(arguments: ["[null,-0.5,-0.25]", "[-0.5,-0.25]", "[0,-0.5,-0.25]"])
    func aTextIsScored(list: String) async throws {
        let scored = try await score(Self.reply(#""prompt_logprobs":\#(list)"#)) { (sampler) throws(BackendError) in
            try await sampler.logprobs(of: [4, 5, 6])
        }
        #expect(scored.value == [nil, -0.5, -0.25])
        #expect(scored.request?["prompt_logprobs"] == true)
        #expect(scored.request?["num_samples"] == 1)
        #expect(scored.request?["sampling_params"]?["max_tokens"] == 1)
        #expect(scored.request?["prompt"]?["chunks"]?.arrayValue?.first?["tokens"]?.tokensValue == [4, 5, 6])
    }

    @Test(arguments: [
        #""prompt_logprobs":null"#, #""other":1"#, #""prompt_logprobs":[null,-0.5]"#,
        #""prompt_logprobs":[null,-0.5,null]"#, #""prompt_logprobs":[null,-0.5,-0.25,-1]"#,
        #""prompt_logprobs":[null,"x",-0.25]"#,
    ])
    func scoresThatAreMissingAreRefused(members: String) async throws {
        let scored = try await score(Self.reply(members)) { (sampler) throws(BackendError) in
            try await sampler.logprobs(of: [1, 2, 3])
        }
        #expect(scored.error?.kind == "garbage")
        #expect(scored.error?.description.contains("prompt_logprobs") == true)
    }

    @Test func protobufScoresUseNaNForNone() async throws {
        func response(_ numbers: [Float]) throws -> ScriptedServer.Reply {
            var message = TinkerPublic_SampleResponse()
            message.promptLogprobs = PackedArrays.data(numbers)
            message.topkPromptLogprobs.k = 2
            message.topkPromptLogprobs.length = 3
            message.topkPromptLogprobs.tokenIds = PackedArrays.data([0, 0, 5, 7, 6, 0] as [TokenID])
            message.topkPromptLogprobs.logprobs = PackedArrays.data(
                [-99999, -99999, -0.5, -2, -0.25, -99999] as [Float])
            return .bytes(try message.serializedBytes(), contentType: WireDialect.mediaType)
        }
        let good = try await score(try response([.nan, -0.5, -0.25]), dialect: .protobuf) {
            (sampler) throws(BackendError) in try await sampler.topLogprobs(of: [4, 5, 6], k: 2)
        }
        #expect(good.value?.logprobs == [nil, -0.5, -0.25])
        #expect(
            good.value?.likeliest == [
                [], [.init(token: 5, logprob: -0.5), .init(token: 7, logprob: -2)], [.init(token: 6, logprob: -0.25)],
            ])
        #expect(good.request?["topk_prompt_logprobs"] == 2)
        let bad = try await score(try response([.nan, -0.5, .nan]), dialect: .protobuf) {
            (sampler) throws(BackendError) in try await sampler.logprobs(of: [4, 5, 6])
        }
        #expect(bad.error?.kind == "garbage")
    }

    @Test func theLikeliestTokensAreRead() async throws {
        let members = #""prompt_logprobs":[null,-0.5],"topk_prompt_logprobs":[null,[[5,-0.5],[7,-2]]]"#
        let scored = try await score(Self.reply(members)) { (sampler) throws(BackendError) in
            try await sampler.topLogprobs(of: [4, 5], k: 2)
        }
        #expect(scored.value?.likeliest == [[], [.init(token: 5, logprob: -0.5), .init(token: 7, logprob: -2)]])
    }

    @Test func aServerThatIgnoresTheWishIsNamed() async throws {
        let scored = try await score(Self.reply(#""prompt_logprobs":[null,-0.5],"topk_prompt_logprobs":null"#)) {
            (sampler) throws(BackendError) in try await sampler.topLogprobs(of: [4, 5], k: 2)
        }
        #expect(scored.error?.kind == "unsupported")
    }

    @Test(arguments: 0..<6) func aBrokenSampleInProtobufIsGarbage(number: Int) async throws {
        var sequence = TinkerPublic_SampledSequence()
        sequence.stopReason = .length
        sequence.tokens = PackedArrays.data([7, 8] as [TokenID])
        sequence.logprobs = PackedArrays.data([-0.5, -0.25] as [Float])
        switch number {
        case 1: sequence.logprobs = PackedArrays.data([-0.5] as [Float])
        case 2: sequence.logprobs = PackedArrays.data([-0.5, .nan] as [Float])
        case 3: sequence.clearLogprobs()
        case 4: sequence.tokens = Data([1, 2, 3])
        case 5: sequence.stopReason = .UNRECOGNIZED(7)
        default: break
        }
        var message = TinkerPublic_SampleResponse()
        message.sequences = [sequence]
        let reply = ScriptedServer.Reply.bytes(try message.serializedBytes(), contentType: WireDialect.mediaType)
        let drawn = try await score(reply, dialect: .protobufWithSequences) { (sampler) throws(BackendError) in
            try await sampler.sample(
                prompt: [1], count: 1, parameters: SamplingParameters(maxTokens: 4, stopTokens: [], seed: 1))
        }
        #expect(drawn.error?.kind == (number == 0 ? nil : "garbage"))
        if number == 0 {
            #expect(drawn.value == [.init(tokens: [7, 8], logprobs: [-0.5, -0.25], stopReason: .length)])
        }
    }
}
