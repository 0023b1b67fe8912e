import Primitives

/// What an audit found, by benchmark.
public struct ContaminationReport: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        public var benchmark: String
        public var items: Int
        /// Questions with an overlap of each kind.
        public var questions: [ContaminationAudit.Overlap.Kind: Int]
    }

    public let questionCount: Int
    public let rows: [Row]
    public let overlaps: [ContaminationAudit.Overlap]
    public let configuration: ContaminationAudit.Configuration

    /// Audits questions against benchmarks.
    public init(
        questions: [ContaminationAudit.Question], items: [BenchmarkItem],
        configuration: ContaminationAudit.Configuration = .init()
    ) {
        let audit = ContaminationAudit(items: items, configuration: configuration)
        let overlaps = audit.overlaps(of: questions)
        self.overlaps = overlaps
        self.configuration = configuration
        questionCount = questions.count
        let names = items.map(\.benchmark)
        var seen: Set<String> = []
        rows = names.filter { seen.insert($0).inserted }.map { name in
            var counts: [ContaminationAudit.Overlap.Kind: Int] = [:]
            for overlap in overlaps where overlap.benchmark == name { counts[overlap.kind, default: 0] += 1 }
            return Row(benchmark: name, items: names.count { $0 == name }, questions: counts)
        }
    }

    /// The ids of questions with any overlap: what a filter leaves out.
    public var contaminated: Set<String> { Set(overlaps.map(\.question)) }

    /// For people.
    public var summary: String {
        var lines = rows.map { row in
            let counts = ContaminationAudit.Overlap.Kind.allCases.map { "\(row.questions[$0] ?? 0) \($0.rawValue)" }
            return "\(row.benchmark) (\(row.items) items): \(counts.joined(separator: ", "))"
        }
        lines.append(
            "\(contaminated.count) of \(questionCount) questions overlap with a benchmark (same text, a run of "
                + "\(configuration.runLength) words, or \(configuration.minimumEntities) entities of the chain with the "
                + "answer, \(configuration.minimumEntitiesWithoutAnswer) without it)")
        return lines.joined(separator: "\n")
    }

    public var json: JSONValue {
        [
            "questions": .integer(questionCount), "contaminated": .integer(contaminated.count),
            "run_length": .integer(configuration.runLength),
            "benchmarks": .array(
                rows.map { row -> JSONValue in
                    [
                        "name": .string(row.benchmark), "items": .integer(row.items),
                        "exact": .integer(row.questions[.exact] ?? 0), "run": .integer(row.questions[.run] ?? 0),
                        "chain": .integer(row.questions[.chain] ?? 0),
                    ]
                }),
            "overlaps": .array(
                overlaps.map { overlap -> JSONValue in
                    [
                        "question": .string(overlap.question), "kind": .string(overlap.kind.rawValue),
                        "benchmark": .string(overlap.benchmark), "line": .integer(overlap.line),
                        "shared": .string(overlap.detail),
                    ]
                }),
        ]
    }
}

extension ContaminationAudit.Question {
    /// What a certified question is audited for.
    public init(_ question: Synthesis.Question) {
        self.init(
            id: question.id, text: question.text, answers: [question.gold.value] + question.gold.aliases,
            chain: question.chains.flatMap(\.self))
    }

    /// Reads a row of a dataset: `question`, `gold` (or `answer`), `chains` (or `chain` or `witness`), `id`.
    public init(json: JSONValue, number: Int) throws(JSONError) {
        var answers: [String] = []
        if let gold = json["gold"] {
            answers = [gold["value"]?.stringValue ?? gold.stringValue].compactMap { $0 }
            answers += gold["aliases"]?.arrayValue?.compactMap(\.stringValue) ?? []
        } else if let answer = json["answer"]?.stringValue {
            answers = [answer]
        }
        let chain =
            json["chains"]?.arrayValue?.flatMap { $0.arrayValue?.compactMap(\.stringValue) ?? [] }
            ?? (json["chain"] ?? json["witness"])?.arrayValue?.compactMap(\.stringValue) ?? []
        self.init(
            id: json["id"]?.stringValue ?? "line \(number)", text: try json.string(at: "question"), answers: answers,
            chain: chain.isEmpty ? answers : chain)
    }
}
