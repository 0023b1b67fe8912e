import Primitives
import Testing
import Tokenizers

@testable import Agents

@Suite struct TurnFormatTests {
    private func format(_ text: String) throws -> TurnFormat {
        let fixture = try Fixture.shared.get()
        return TurnFormat(fixture.renderer.parse(fixture.tokenizer.encode(text, splitSpecialTokens: false)))
    }

    @Test(arguments: [
        Turn.search, Turn.answer, "<answer>x</answer><|im_end|>", "\n<answer>x</answer>\n<|im_end|>",
        "<think>\n<answer>no</answer>\n</think>\n\n<answer>x</answer><|im_end|>",
    ])
    func `turns that obey the format`(text: String) throws {
        #expect(try format(text).violation == nil)
    }

    @Test(arguments: [
        "", "hello<|im_end|>", "<answer>x</answer>", "<answer>x<|im_end|>", "<answer></answer><|im_end|>",
        "<answer> </answer><|im_end|>", "</answer>x<answer><|im_end|>", "It is <answer>x</answer><|im_end|>",
        "<answer>x</answer> I think.<|im_end|>", "<answer>x</answer><answer>y</answer><|im_end|>",
        "<think>\n<answer>x</answer>\n</think><|im_end|>", "<think>\nnever closed <answer>x</answer><|im_end|>",
        "Let me see. " + Turn.search, "<answer>x</answer>\n" + Turn.search,
    ])
    func `turns that violate the format`(text: String) throws {
        #expect(try format(text).violation != nil)
    }

    @Test func `an answer beside a call is not final`() throws {
        let both = try format("<answer>x</answer>\n" + Turn.search)
        #expect(both.callsTools && !both.answers)
    }

    @Test(arguments: [
        "<think>\n<answer>x</answer>\n</think><|im_end|>", "<think>\n<answer>x</answer><|im_end|>",
        "<answer>x<|im_end|>", "x</answer><|im_end|>",
    ])
    func `an answer in the thinking or an unclosed one is none`(text: String) throws {
        #expect(try !format(text).answers)
    }
}
