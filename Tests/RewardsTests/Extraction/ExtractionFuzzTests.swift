import Testing

@testable import Rewards

/// A small generator, so that every run sees the same texts.
private struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}

@Suite struct ExtractionFuzzTests {
    private static let places = [
        "automatic", "whole", "boxed", "tag:answer", "tag:x", "final_answer", "hashes", "json:a", "tool_call:a",
        "last_number", "math_prose", "choice_prose",
    ]

    private static let pieces: [[UInt8]] = [
        "<think>", "</think>", "<answer>", "</answer>", "<tool_call>", "</tool_call>", "<x>", "</x>", "\\boxed{",
        "\\boxed ",
        "\\fbox{", "{", "}", "\\{", "\\", "\\\\", "$", "$$", "\\(", "\\)", "\\[", "\\]", "[", "]", "(", ")", "####",
        "\n",
        " ", "answer", "final answer is ", ": ", "I hope", "A", "B", "or", "and", "12", "3.5", ",", ".", "-", "+", "=",
        "%",
        "percent", "\"", "\"a\":", "{\"a\": 1}", "{\"arguments\": {\"a\": \"b\"}}", "\\frac{1}{2}", "\u{7B54}\u{6848}",
        "réponse",
        "\u{200B}", "x", "\\text{", "1,000", "```", "*", "<", ">", "/", "\\begin{", "&",
    ].map { Array($0.utf8) }

    private static func text(_ generator: inout Generator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<generator.next(14) {
            if generator.next(8) == 0 {
                bytes.append(UInt8(truncatingIfNeeded: generator.next(256)))
            } else {
                bytes += pieces[generator.next(pieces.count)]
            }
        }
        return bytes
    }

    @Test(arguments: 0..<20)
    func `any bytes give an answer within the text or a problem, at linear cost`(seed: Int) throws {
        var generator = Generator(state: UInt64(seed) &* 7919 &+ 1)
        let extractions = try Self.places.map { name in
            AnswerExtraction(
                place: try #require(AnswerPlace(name)), thinking: seed % 2 == 0 ? .optional : .ignored,
                candidates: seed % 3 == 0 ? .last : .exactlyOne)
        }
        var failures = 0
        for round in 0..<10_500 {
            let bytes = Self.text(&generator)
            let extraction = extractions[round % extractions.count]
            var authored: [Range<Int>]?
            if generator.next(4) == 0 {
                let start = generator.next(bytes.count + 1)
                authored = [0..<start, start..<max(start, bytes.count - generator.next(3))]
            }
            var work = Work()
            if let answer = try? extraction.extract(bytes, authored: authored, work: &work) {
                let isInside = answer.span.lowerBound >= 0 && answer.span.upperBound <= bytes.count
                if !isInside || answer.bytes.isEmpty { failures += 1 }
            }
            _ = try? extraction.extractGold(bytes, work: &work)
            for rule in FormatRule.allCases { _ = try? rule.verdict(bytes, work: &work) }
            if work.operations > 24 * bytes.count + 200 { failures += 1 }
        }
        #expect(failures == 0)
    }

    @Test(arguments: places)
    func `the cost of repeated openings is linear`(place: String) throws {
        let extraction = AnswerExtraction(place: try #require(AnswerPlace(place)))
        for piece in Self.pieces {
            let cost = { (count: Int) -> Int in
                var work = Work()
                let bytes = [UInt8]((0..<count).map { _ in piece }.joined())
                _ = try? extraction.extract(bytes, work: &work)
                return work.operations
            }
            #expect(cost(2000) <= 4 * cost(500) + 200)
        }
    }
}
