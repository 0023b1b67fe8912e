import Backends
import Primitives
import Testing

@testable import Agents

@Suite struct EpisodeJSONTests {
    private func episode() async throws -> Episode {
        let sampler = try ScriptedSampler([Turn.search, Turn.call("{"), "so <answer>x</answer><|im_end|>"])
        return try await Fixture.shared.get().runner().run(
            messages: Fixture.question, sampler: sampler, key: Fixture.key)
    }

    @Test func `an episode survives storage`() async throws {
        let episode = try await episode()
        let restored = try Episode(json: .parse(episode.json.serialized()))
        #expect(restored == episode)
        #expect(restored.logprobs.map(\.bitPattern) == episode.logprobs.map(\.bitPattern))
        #expect(restored.policyMask == episode.policyMask)
        #expect(restored.formatViolations == episode.formatViolations)
        #expect(restored.json == episode.json)
    }

    @Test func `logprobs are stored exactly`() throws {
        let logprobs: [Float] = [-0.1, -.leastNonzeroMagnitude, -1 / 3, -1e-20, -104.25, -16_777_218, 0]
        let episode = Episode(
            tokens: [1] + logprobs.indices.map { TokenID($0) }, logprobs: [0] + logprobs, messages: [],
            turns: [Episode.Turn(range: 1..<8)], termination: .noToolCall, policyVersion: 0)
        let restored = try Episode(json: .parse(episode.json.text))
        #expect(restored.logprobs.map(\.bitPattern) == episode.logprobs.map(\.bitPattern))
    }

    private func span(_ tokenCount: Int, _ policyVersion: Int) -> VersionSpan {
        VersionSpan(tokenCount: tokenCount, policyVersion: policyVersion)
    }

    private func episode(of spans: [VersionSpan], from policyVersion: Int) -> Episode {
        Episode(
            tokens: [1, 2, 3, 4, 5, 6], logprobs: [0, -1, -1, 0, -1, -1], messages: [],
            turns: [Episode.Turn(range: 1..<3), Episode.Turn(range: 4..<6)], termination: .noToolCall,
            policyVersion: policyVersion, versionSpans: spans)
    }

    @Test func `the versions of an episode survive storage`() throws {
        let episode = episode(of: [span(3, 4), span(1, 6)], from: 4)
        let restored = try Episode(json: .parse(episode.json.serialized()))
        #expect(restored == episode)
        #expect(restored.versionSpans == [span(3, 4), span(1, 6)])
        #expect(
            episode.json["version_spans"] == [
                ["tokens": 3, "policy_version": 4], ["tokens": 1, "policy_version": 6],
            ])
    }

    @Test func `an episode of one version does not list it`() throws {
        #expect(episode(of: [], from: 4).json["version_spans"] == nil)
    }

    @Test func `the oldest, the newest and the mean version of an episode`() {
        let mixed = episode(of: [span(1, 4), span(2, 7), span(1, 6)], from: 4)
        #expect(mixed.policyVersions == 4...7)
        #expect(mixed.meanPolicyVersion == 6)
        let uniform = episode(of: [], from: 5)
        #expect(uniform.policyVersions == 5...5)
        #expect(uniform.meanPolicyVersion == 5)
    }

    @Test(
        arguments: [
            [["tokens": 3, "policy_version": 4]], [["tokens": 5, "policy_version": 4]],
            [["tokens": 4, "policy_version": 5]],
            [["tokens": 4, "policy_version": 4], ["tokens": 0, "policy_version": 5]],
            [["tokens": -1, "policy_version": 4], ["tokens": 5, "policy_version": 5]],
            [["tokens": 9_223_372_036_854_775_807, "policy_version": 4], ["tokens": 1, "policy_version": 5]],
            [["tokens": 4]], "x",
        ] as [JSONValue])
    func `versions that do not fit the turns are refused`(spans: JSONValue) throws {
        var object = try #require(episode(of: [], from: 4).json.objectValue)
        object["version_spans"] = spans
        let error = #expect(throws: JSONError.self) { try Episode(json: .object(object)) }
        #expect(error?.description.contains("version_spans") == true, "\(String(describing: error))")
    }

    @Test(
        arguments: [
            ("tokens", "x"), ("logprobs", []), ("turns", [["tokens": [5, 2]]]), ("termination", "bored"),
            ("messages", [["role": "nurse"]]), ("policy_version", .null), ("tokens", [1]),
        ] as [(String, JSONValue)])
    func `a damaged episode is refused and the place is named`(member: String, value: JSONValue) async throws {
        var object = try #require(try await episode().json.objectValue)
        object[member] = value
        let error = #expect(throws: JSONError.self) { try Episode(json: .object(object)) }
        let place = member == "tokens" && value.arrayValue != nil ? "turns" : member
        #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    }
}
