import Primitives
import Testing

@testable import Synthesis

struct NearDuplicatesTests {
    /// Texts of which many share most of their words.
    private static func texts(_ count: Int, seed: UInt64) -> [String] {
        var texts: [String] = []
        for step in 0..<count {
            var random = CounterRandom(seed: seed, stage: .synthesis, step: step)
            var words =
                texts.isEmpty || random.uniform() < 0.4
                ? (0..<random.integer(below: 40)).map { _ in "w\(random.integer(below: 12))" }
                : random.pick(texts).split(separator: " ").map(String.init)
            for index in words.indices where random.uniform() < 0.03 { words[index] = "w\(random.integer(below: 12))" }
            texts.append(words.joined(separator: " "))
        }
        return texts
    }

    /// By the definition: compare with every kept text.
    private static func bruteForce(_ texts: [String], length: Int, threshold: Double) -> [Int?] {
        let sets = texts.map { text -> Set<[String]> in
            let words = text.split(separator: " ").map(String.init)
            guard words.count >= length else { return [words] }
            return Set((0...words.count - length).map { Array(words[$0..<$0 + length]) })
        }
        var result: [Int?] = []
        for index in texts.indices {
            result.append(
                (0..<index).first { other in
                    let union = sets[index].union(sets[other]).count
                    let shared = sets[index].intersection(sets[other]).count
                    return result[other] == nil && Double(shared) / Double(union) >= threshold
                })
        }
        return result
    }

    @Test(arguments: [0.3, 0.5, 0.75, 0.8, 0.9, 1.0], [1, 3]) func agreesWithTheDefinition(
        threshold: Double, length: Int
    ) {
        for seed in 0..<3 as Range<UInt64> {
            let texts = Self.texts(50, seed: seed)
            let found = NearDuplicates(length: length, threshold: threshold).duplicates(in: texts)
            #expect(found == Self.bruteForce(texts, length: length, threshold: threshold))
        }
    }

    @Test func looksAtWordsOnly() {
        let texts = ["The gene is GQA, at 1p1.", "the GENE is gqa at 1p1", "another text of six words altogether"]
        #expect(NearDuplicates().duplicates(in: texts) == [nil, 0, nil])
    }
}
