import ArgumentParser
import Foundation
import Primitives
import Reporting
import Retrieval

struct RetrieveSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Finds passages, with where they stand, their scores and why.")

    @OptionGroup var options: RetrievalOptions

    @Argument(help: "What to look for.")
    var query: String

    @Option(help: "How many passages are shown.")
    var limit = 10

    @Option(help: "Only documents of this OCEBM level or a better one (1a is the best).")
    var evidenceLevel: String?

    @Option(help: "Only documents of this year or later.")
    var fromYear: Int?

    @Option(help: "Only documents of this medical field.")
    var specialty: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit must be at least 1") }
        if let evidenceLevel, SourceProfile.EvidenceLevel(rawValue: evidenceLevel) == nil {
            let levels = SourceProfile.EvidenceLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--evidence-level is `\(evidenceLevel)`, expected one of \(levels)")
        }
    }

    func run() throws {
        let retriever = try options.retriever()
        let filter = RetrievalFilter(
            evidenceLevel: evidenceLevel.flatMap(SourceProfile.EvidenceLevel.init(rawValue:)), fromYear: fromYear,
            specialty: specialty)
        let answer = retriever.search(query, limit: limit, filter: filter)
        if json {
            print(Self.json(answer, retriever).text)
            return
        }
        for match in answer.synonyms { print("also: \(match.added.joined(separator: ", ")) (\(match.entity))") }
        if answer.passages.isEmpty { print("No result.") }
        for (number, passage) in answer.passages.enumerated() { print(Self.text(passage, number: number + 1)) }
        for conflict in answer.conflicts {
            print("Sources on \(conflict.topic) differ:")
            for member in conflict.members { print("  \(member.id)  \(member.labels.joined(separator: ", "))") }
        }
    }

    private static func text(_ passage: RetrievedPassage, number: Int) -> String {
        func short(_ value: Double) -> String { String(format: "%.3f", value) }
        var scores = ["bm25 \(short(passage.bm25))", "authority \(short(passage.authority.score))"]
        if let relevance = passage.relevance { scores.insert("relevance \(short(relevance))", at: 1) }
        if let score = passage.score { scores.insert("score \(short(score))", at: 0) }
        let lines = [
            "\(number). \(passage.document.title.isEmpty ? passage.document.id : passage.document.title)",
            "   \(passage.document.id)  bytes \(passage.span.lowerBound)–\(passage.span.upperBound)  "
                + scores.joined(separator: "  "),
            "   \(passage.authority.reasons)",
            passage.document.url.map { "   \($0)" },
            "   " + passage.text.replacingOccurrences(of: "\n", with: "\n   "),
        ]
        return lines.compactMap(\.self).joined(separator: "\n") + "\n"
    }

    private static func json(_ answer: MedicalRetriever.Answer, _ retriever: MedicalRetriever) -> JSONValue {
        [
            "lambda": .number(retriever.ranking.lambda), "pool": .integer(retriever.ranking.poolSize),
            "authority_version": .string(retriever.model.version),
            "date": retriever.date.map { .string($0.description) } ?? .null,
            "generation": .integer(retriever.index.generation),
            "passages": .array(answer.passages.map(\.json)),
            "conflicts": .array(
                answer.conflicts.map { conflict in
                    [
                        "topic": .string(conflict.topic),
                        "members": .array(
                            conflict.members.map {
                                ["id": .string($0.id), "labels": .array($0.labels.map { .string($0) })]
                            }),
                    ]
                }),
            "synonyms": .array(
                answer.synonyms.map {
                    ["entity": .string($0.entity), "added": .array($0.added.map { .string($0) })]
                }),
        ]
    }
}
