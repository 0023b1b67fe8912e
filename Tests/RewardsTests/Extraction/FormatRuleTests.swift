import Primitives
import Testing

@testable import Rewards

@Suite struct FormatRuleTests {
    private func verdict(_ rule: FormatRule, _ text: String, language: String? = nil) throws -> FormatVerdict {
        var work = Work()
        return try rule.verdict(Array(text.utf8), language: language, work: &work)
    }

    private static let good = "<think>\nwhy\n</think>\n<answer>\nit\n</answer>"

    @Test(
        arguments: [
            (.think, "<think>a</think>b", nil), (.think, "<think>a <b> c</think>", nil), (.think, "b", 0),
            (.think, " <think>a</think>", 0), (.think, "a</think>b", 0), (.think, "<think>a", 8),
            (.think, "<think>a<think>b</think></think>", 8), (.think, "<think>a</think></think>", 16),
            (.think, "<think>a</think><think>b</think>", 16), (.thinkAnswer, good, nil),
            (.thinkAnswer, "<think>a</think><answer>b</answer>", 7), (.thinkAnswer, good + "x", 42),
            (.thinkAnswer, "x" + good, 0), (.thinkAnswer, good + good, 42), (.thinkAnswer, "<think>a</answer>", 8),
            (.thinkAnswer, "<think>\n\n</think>\n<answer>\na\n</answer>", nil),
            (.thinkAnswer, "<think>\n</think>\n<answer>\na\n</answer>", 8),
            (.thinkAnswer, "<think>\na\n</think> <answer>\na\n</answer>", 18), (.thinkAnswer, "", 0),
        ] as [(FormatRule, String, Int?)])
    func `a structure passes or breaks at a byte`(rule: FormatRule, text: String, offset: Int?) throws {
        let verdict = try verdict(rule, text)
        #expect(verdict.violation?.offset == offset)
        #expect(verdict.score == (offset == nil ? 1 : 0))
        #expect(verdict.violation?.rule.isEmpty != true)
    }

    @Test(
        arguments: [
            (good, 1.0), ("why\n</think>\n<answer>\nit\n</answer>", 0.75), ("<think>\nwhy", 0.25), ("", 0), ("it", 0),
            (good + good, 0),
        ] as [(String, Double)])
    func `each tag is a quarter`(text: String, score: Double) throws {
        #expect(try verdict(.tagCount, text).score == score)
    }

    @Test(
        arguments: [
            ("Step 1: a Step 2: b Step 3: c", 1.0), ("First, a\nSecond, b\nFinally, c", 1), ("1. a\n2. b", 2.0 / 3),
            ("a\n- b\n* c\n- d\n- e", 1), ("plain", 0), ("Step x: a", 0), ("12. a", 1.0 / 3), ("", 0),
        ] as [(String, Double)])
    func `each step is a third`(text: String, score: Double) throws {
        #expect(abs(try verdict(.reasoningSteps, text).score - score) < 1e-12)
    }

    @Test(
        arguments: [
            ("```python\nx\n```", nil, true), ("```python\nx\n```", "python", true), ("```js\nx\n```", "python", false),
            ("```\nx\n```", nil, false), ("x", nil, false), ("```python\nx", nil, false),
        ] as [(String, String?, Bool)])
    func `code stands in a fence`(code: String, language: String?, passes: Bool) throws {
        let text = "<think>\nwhy\n</think>\n<answer>\n\(code)\n</answer>"
        #expect((try verdict(.codeBlock, text, language: language).violation == nil) == passes)
        #expect(try verdict(.codeBlock, code, language: language).violation != nil)
    }

    @Test(
        arguments: [
            ("<search>a</search><search>b</search>", "search", "first", "a", 1.0),
            ("<search>a</search><search>b</search>", "search", "last", "b", 1),
            ("<answer> a\n</answer>", nil, nil, "a", 1),
            ("<answer>a", nil, nil, nil, 1), ("<answer>a</answer>", nil, nil, nil, 0), ("a", nil, nil, "a", 0),
            ("<answer>a</answer>", nil, nil, "b", 0),
        ] as [(String, String?, String?, String?, Double)])
    func `the content of a tag is compared`(
        text: String, tag: String?, which: String?, gold: String?, score: Double
    ) throws {
        var policy = JSONObject()
        policy["tag"] = tag.map { .string($0) }
        policy["which"] = which.map { .string($0) }
        let preset = try #require(GradingPreset.extractionPresets.first { $0.name == "tag_extract" })
        guard case .check(let check) = preset.method else { return }
        let subject = GradingPreset.Subject(
            gold: gold.map { .string($0) } ?? .null, prediction: .string(text), policy: policy)
        #expect(try check(subject) == score)
    }
}
