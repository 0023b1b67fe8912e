import Primitives
import Storage
import Synthesis
import Testing
import Tokenizers
import Training

@testable import Recipes

/// From files of conversations to token sequences with weights.
@Suite struct SupervisedDatasetTests {
    private let fixture: SupervisedFixture

    init() throws { fixture = try SupervisedFixture() }

    /// What the weighted tokens of an example say, stretch by stretch.
    private func learned(_ sequence: SupervisedSequence) -> [String] {
        var stretches: [[TokenID]] = []
        for (index, weight) in sequence.weights.enumerated() where weight != 0 {
            if index == 0 || sequence.weights[index - 1] == 0 { stretches.append([]) }
            stretches[stretches.count - 1].append(sequence.tokens[index])
        }
        return stretches.map { fixture.tokenizer.decode($0) }
    }

    private func load(
        _ text: String, encoder: ConversationEncoder? = nil
    ) async throws -> SupervisedDataset {
        try await SupervisedDataset(fixture.section(text), encoder: encoder ?? fixture.encoder())
    }

    // MARK: Forms

    /// The same conversation in four forms is the same example, and it is the one that the renderer makes of it.
    @Test(arguments: ["jsonl", "jsonl.zst"]) func allFormsOfAConversationAreOneExample(ending: String) async throws {
        let file = try fixture.write(
            [
                #"{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"Ada"}]}"#, "",
                #"{"conversations":[{"from":"human","value":"Who?"},{"from":"gpt","value":"Ada"}]}"#,
                #"{"prompt":"Who?","completion":"Ada"}"#,
                #"{"prompt":[{"role":"user","content":"Who?"}],"completion":[{"role":"assistant","content":"Ada"}]}"#,
            ], to: "forms." + ending)
        let data = try await load("files: [\(file)]")
        let expected = try fixture.renderer.trainingExample(
            messages: [Message(role: .user, content: "Who?"), Message(role: .assistant, content: "Ada")], tools: [])
        let example = SupervisedSequence(tokens: expected.tokens, weights: expected.weights)
        #expect(data.training == [example, example, example, example])
        #expect(learned(example).joined().contains("Ada"))
    }

    @Test func toolsAndCallsAreRendered() async throws {
        let file = try fixture.write(
            [
                """
                {"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"search","arguments":"{\\"q\\": 1}"}}]},{"role":"tool","tool_call_id":"c","content":"Ada."},{"role":"assistant","content":"Ada"}],"tools":[{"type":"function","function":{"name":"search","description":"Searches.","parameters":{"type":"object"}}}]}
                """
            ], to: "tools.jsonl")
        let example = try await load("files: [\(file)]").training[0]
        let text = fixture.tokenizer.decode(example.tokens)
        #expect(text.contains(#""description": "Searches.""#))
        let stretches = learned(example)
        #expect(stretches.count == 2)
        #expect(stretches[0].contains("<tool_call>\n{\"name\": \"search\", \"arguments\": {\"q\": 1}}"))
        #expect(stretches[1].contains("Ada") && !stretches[1].contains("tool_response"))
    }

    /// Thinking that another trainer's file has as text is rendered as the thinking that it is.
    @Test func thinkingInTextIsRenderedAsThinking() async throws {
        let file = try fixture.write(
            [
                #"{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","content":"<think>\nHm.\n</think>\n\nAda"}]}"#,
                #"{"messages":[{"role":"user","content":"Who?"},{"role":"assistant","reasoning_content":"Hm.","content":"Ada"}]}"#,
            ], to: "thinking.jsonl")
        let data = try await load("files: [\(file)]")
        #expect(data.training[0] == data.training[1])
    }

    // MARK: Masks

    private static let weighted =
        #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"one","weight":0},{"role":"user","content":"c"},{"role":"assistant","content":"two"}]}"#

    @Test func aWeightOfZeroKeepsAMessageFromBeingLearned() async throws {
        let file = try fixture.write([Self.weighted], to: "weights.jsonl")
        let stretches = learned(try await load("files: [\(file)]").training[0])
        #expect(stretches.count == 1 && stretches[0].contains("two"))
    }

    @Test(arguments: [
        (SupervisedSection.TrainOn.lastAssistantMessage, ["four"]), (.allAssistantMessages, ["two", "four"]),
        (.lastAssistantTurn, ["four"]), (.allMessages, ["one", "two", "three", "four"]),
    ])
    func theMaskOfTheRecipeIsApplied(trainOn: SupervisedSection.TrainOn, words: [String]) async throws {
        let file = try fixture.write(
            [
                #"{"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"three"},{"role":"assistant","content":"four"}]}"#
            ], to: "masks.jsonl")
        let text = learned(
            try await load("files: [\(file)]", encoder: fixture.encoder(trainOn: trainOn)).training[0]
        ).joined(separator: " ")
        for word in ["one", "two", "three", "four"] { #expect(text.contains(word) == words.contains(word), "\(text)") }
    }

    // MARK: Problems

    private func problems(_ text: String, _ encoder: ConversationEncoder? = nil) async -> String {
        do {
            _ = try await load(text, encoder: encoder)
            return ""
        } catch { return "\(error)" }
    }

    @Test func allBadLinesAreNamedAtOnce() async throws {
        let good = SupervisedFixture.line(1)
        let first = try fixture.write(
            [good, "{", good, #"{"messages":[{"role":"user","content":"x"}]}"#, "", #"{"text":"x"}"#], to: "first.jsonl"
        )
        let second = try fixture.write([#"{"messages":[{"role":"robot","content":"x"}]}"#], to: "second.jsonl.zst")
        let text = await problems("files: [\(first)], held_out: [\(second)]")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 5)
        #expect(lines[0] == "4 lines of the data set cannot be used; correct or remove them:")
        #expect(lines[1].hasPrefix("  \(first):2: invalid JSON at column 2"))
        #expect(lines[2].hasPrefix("  \(first):4: the mask learns none of the 1 messages"))
        #expect(lines[3].hasPrefix("  \(first):6: JSON value should be a conversation"))
        #expect(lines[4].hasPrefix("  \(second):1: JSON member `messages[0].role` should be one of"))
    }

    @Test func onlySomeOfManyBadLinesAreShown() async throws {
        let file = try fixture.write([String](repeating: "[]", count: 150), to: "many.jsonl")
        let lines = await problems("files: [\(file)]").split(separator: "\n")
        #expect(lines.first == "150 lines of the data set cannot be used; correct or remove them:")
        #expect(lines.count == 22 && lines.last == "  and 130 more")
    }

    @Test func aFileThatIsNotThereIsNamed() async {
        #expect(await problems("files: [/nowhere/x.jsonl]").contains("/nowhere/x.jsonl"))
    }

    @Test func aFileThatIsNoZstandardIsNamed() async throws {
        let path = fixture.root + "/plain.jsonl.zst"
        try FileStore.writeAtomically(Array(SupervisedFixture.line(1).utf8), to: path)
        #expect(await problems("files: [\(path)]").contains(path))
    }

    @Test func aMaskThatCannotLeaveOutWhatTheFileDoesIsRefused() async throws {
        let file = try fixture.write([Self.weighted], to: "weights.jsonl")
        let text = await problems("files: [\(file)]", fixture.encoder(trainOn: .allTokens))
        #expect(text.contains("weights.jsonl:1: ") && text.contains("sft.train_on: all_tokens cannot leave out"))
    }

    @Test func aFileWithoutExamplesIsRefused() async throws {
        let file = try fixture.write(["", " "], to: "empty.jsonl")
        #expect(await problems("files: [\(file)]").contains("hold no example to train on"))
    }

    // MARK: Length

    @Test func examplesThatAreTooLongAreErrorsDroppedOrCut() async throws {
        let file = try fixture.write(
            [SupervisedFixture.line(1), SupervisedFixture.line(2, words: 60), SupervisedFixture.line(3)],
            to: "long.jsonl")
        let lengths = try await load("files: [\(file)]").training.map(\.tokens.count)
        let limit = lengths[0] + 5
        let text = await problems("files: [\(file)]", fixture.encoder(limit: limit))
        #expect(
            text.contains(
                "long.jsonl:2: the conversation has \(lengths[1]) tokens, expected at most \(limit) (the test)"))

        let dropped = try await load("files: [\(file)]", encoder: fixture.encoder(limit: limit, tooLong: .drop))
        #expect(dropped.training.map(\.tokens.count) == [lengths[0], lengths[2]])
        #expect(dropped.summary.contains("0 cut, 1 dropped"))

        let cut = try await load("files: [\(file)]", encoder: fixture.encoder(limit: limit, tooLong: .cut))
        #expect(cut.training.map(\.tokens.count) == [lengths[0], limit, lengths[2]])
        #expect(cut.summary.contains("1 cut, 0 dropped"))
    }

    /// Cutting before the first learned token leaves nothing to train on.
    @Test func anExampleCutBeforeItsAnswerIsDropped() async throws {
        let file = try fixture.write([SupervisedFixture.line(1), SupervisedFixture.line(2)], to: "short.jsonl")
        let text = await problems("files: [\(file)]", fixture.encoder(limit: 4, tooLong: .cut))
        #expect(text.contains("hold no example to train on; 2 were dropped as too long"))
    }

    // MARK: Inputs

    @Test func theFilesHashesAreInputs() async throws {
        let first = try fixture.write([SupervisedFixture.line(1)], to: "first.jsonl")
        let second = try fixture.write([SupervisedFixture.line(2)], to: "second.jsonl.zst")
        let data = try await load("files: [\(first)], held_out: [\(second)]")
        #expect(data.training.count == 1 && data.heldOut.count == 1)
        #expect(
            data.inputs == [
                .init(name: "sft.dataset.files[0]", sha256: try SHA256.hex(file: first)),
                .init(name: "sft.dataset.held_out[0]", sha256: try SHA256.hex(file: second)),
            ])
    }
}
