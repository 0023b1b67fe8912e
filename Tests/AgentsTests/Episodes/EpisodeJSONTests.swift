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
