import Synthesis

/// Which benchmarks questions must not give away: `synthesis.contamination`.
public struct ContaminationSection: Sendable {
    public enum Hits: String, CaseIterable, Sendable {
        /// Questions that overlap are counted and stay.
        case report
        /// They are left out.
        case drop
    }

    public var benchmarks: [String]
    public var hits: Hits
    public var configuration: ContaminationAudit.Configuration
    public var fields: BenchmarkFields

    init(_ section: RecipeSection) {
        benchmarks = section.files("benchmarks")
        hits = section.choice("hits", default: Hits.report) ?? .report
        var configuration = ContaminationAudit.Configuration()
        configuration.runLength = section.integer("run_length", default: configuration.runLength, in: 1...1000)
        configuration.minimumEntities = section.integer(
            "entities", default: configuration.minimumEntities, in: 1...100)
        configuration.minimumEntitiesWithoutAnswer = max(
            configuration.minimumEntities, configuration.minimumEntitiesWithoutAnswer)
        self.configuration = configuration
        let known = BenchmarkFields()
        var fields = known
        fields.question = section.texts("question_fields", default: known.question)
        fields.answer = section.texts("answer_fields", default: known.answer)
        fields.context = section.texts("context_fields", default: known.context)
        self.fields = fields
        section.finish()
    }

    /// The questions of all benchmarks.
    func items() throws(SynthesisError) -> [BenchmarkItem] {
        var items: [BenchmarkItem] = []
        for benchmark in benchmarks { items += try BenchmarkFile.read(benchmark, fields: fields) }
        return items
    }

    /// Looks for benchmarks' questions in others.
    func audit(_ questions: [Question], for items: [BenchmarkItem]) -> ContaminationReport {
        ContaminationReport(
            questions: questions.map { ContaminationAudit.Question($0) }, items: items, configuration: configuration)
    }
}
