import Knowledge
import Testing

@testable import Synthesis

struct ReadingTaskWriterTests {
    private static let writer = Result {
        let graph = try ShippedGraph.load()
        return ReadingTaskWriter(
            shape: GraphShape(of: graph), forbidden: FictionalWorld.forbiddenNames(of: graph))
    }

    private func tasks(_ indices: Range<Int> = 0..<300) throws -> [ReadingTask] {
        try indices.map { try Self.writer.get().task(index: $0, seed: 3) }
    }

    @Test func aTextIsAFunctionOfIndexAndSeed() throws {
        let writer = try Self.writer.get()
        let forwards = try tasks(0..<40)
        let backwards = try (0..<40).reversed().map { try writer.task(index: $0, seed: 3) }
        #expect(forwards == backwards.reversed())
        #expect(try writer.task(index: 5, seed: 3) != writer.task(index: 5, seed: 4))
    }

    @Test func allKindsOccur() throws {
        #expect(Set(try tasks().map(\.kind)) == Set(ReadingTask.Kind.allCases))
    }

    @Test func isPlainText() throws {
        for task in try tasks() {
            for tag in ["<think", "<tool", "<answer", "<|", "\"name\"", "assistant", "search"] {
                #expect(!task.text.contains(tag), "\(task.text)")
            }
        }
    }

    @Test func weightsAreOneForWhatIsLearntAndSmallElsewhere() throws {
        for task in try tasks() {
            let weights = Set(task.segments.map(\.weight))
            #expect(weights == [0.1, 1])
        }
    }

    @Test func segmentsWithEqualWeightsAreJoined() throws {
        for task in try tasks() {
            for (left, right) in zip(task.segments, task.segments.dropFirst()) { #expect(left.weight != right.weight) }
        }
    }

    @Test func everyAnswerOfAReadingStandsInItsPassages() throws {
        for task in try tasks() where task.kind == .reading {
            let passages = task.text.prefix(upTo: try #require(task.text.firstRange(of: "\nQuestion: ")).lowerBound)
            for segment in task.segments where segment.weight == 1 {
                #expect(passages.contains(Self.name(in: segment.text)), "\(task.text)")
            }
        }
    }

    @Test func everyLookUpOfNotesWasReadBefore() throws {
        for task in try tasks() where task.kind == .notes {
            var read = ""
            for segment in task.segments {
                if segment.weight == 1 {
                    let marker = segment.text.contains("Look up:") ? "Look up:" : "Answer:"
                    let start = try #require(segment.text.firstRange(of: marker))
                    #expect(read.contains(Self.name(in: segment.text[start.upperBound...])), "\(task.text)")
                }
                read += segment.text
            }
            #expect(task.text.contains("Answer:"))
        }
    }

    @Test func vocabularyTextsHavePlainNames() throws {
        let texts = try Self.writer.get().vocabularyText(count: 100, seed: 3)
        #expect(texts.count == 100)
        #expect(!texts.contains { $0.contains(": \"") || $0.contains(": >") })
    }

    /// The name without the quotes or brackets of any style.
    private static func name(in text: some StringProtocol) -> String {
        let inside = ReadingTaskWriter.NameStyle.all.first { style in
            !style.before.allSatisfy(\.isWhitespace) && text.hasPrefix(style.before) && text.hasSuffix(style.after)
        }
        guard let inside else { return text.split(separator: "\n")[0].drop { $0 == " " }.description }
        return String(text.dropFirst(inside.before.count).dropLast(inside.after.count))
    }
}
