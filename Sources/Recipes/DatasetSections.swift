import Synthesis

/// What of the demonstrations is kept: `synthesis.filters`.
public struct FilterSection: Sendable {
    public var settings: FilterSettings

    init(_ section: RecipeSection) {
        let known = FilterSettings()
        var settings = known
        func range(_ name: String, _ value: ClosedRange<Int>) -> ClosedRange<Int> {
            let least = section.integer("minimum_\(name)", default: value.lowerBound, in: 0...100_000)
            let most = section.integer("maximum_\(name)", default: value.upperBound, in: 0...100_000)
            guard least <= most else {
                section.reader.complain(
                    section.place,
                    "synthesis.filters.minimum_\(name) (\(least)) must not exceed maximum_\(name) (\(most))")
                return value
            }
            return least...most
        }
        settings.turns = range("turns", known.turns)
        settings.toolCalls = range("tool_calls", known.toolCalls)
        settings.maximumTokens = section.integer("maximum_tokens", default: known.maximumTokens, in: 1...100_000_000)
        settings.maximumToolFailures = section.integer(
            "maximum_tool_failures", default: known.maximumToolFailures, in: 0...100_000)
        settings.maximumCallOccurrences = section.integer(
            "maximum_call_occurrences", default: known.maximumCallOccurrences, in: 1...1000)
        settings.requiresThinking = section.boolean("require_thinking", default: known.requiresThinking)
        settings.language = section.choice("language", default: known.language) ?? known.language
        settings.minimumLanguageShare = section.number(
            "minimum_language_share", default: known.minimumLanguageShare, in: 0...1)
        settings.duplicateThreshold = section.number(
            "duplicate_similarity", default: known.duplicateThreshold, in: 0...1)
        settings.duplicateWords = section.integer("duplicate_words", default: known.duplicateWords, in: 1...100)
        self.settings = settings
        section.finish()
    }
}

/// How many conversations of which specialty are taken, and what is written: `synthesis.dataset`.
public struct DatasetSection: Sendable {
    public var balance: SpecialtyBalance
    public var maximumPerQuestion: Int?
    public var validationShare: Double
    public var exportsOpenAI: Bool
    public var exportsShareGPT: Bool

    init(_ section: RecipeSection) {
        let most = 10_000_000
        let target = section.integer("per_specialty", default: 0, in: 0...most)
        var targets: [String: Int] = [:]
        for text in section.texts("specialty_targets", default: []) {
            // `Oncology: 200` is a text here, because specialties have names that YAML keys make awkward.
            let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingPrefix(while: \.isWhitespace) }
            guard parts.count == 2, let count = Int(parts[1]), (0...most).contains(count) else {
                section.reader.complain(
                    section.place(of: "specialty_targets"),
                    "synthesis.dataset.specialty_targets: expected a specialty, a colon and a number, such as "
                        + "\"Oncology: 200\", found `\(text)`")
                continue
            }
            targets[String(parts[0])] = count
        }
        balance = SpecialtyBalance(target: target == 0 ? nil : target, targets: targets)
        let perQuestion = section.integer("per_question", default: 0, in: 0...1000)
        maximumPerQuestion = perQuestion == 0 ? nil : perQuestion
        validationShare = section.number("validation_share", default: 0.05, in: 0...1)
        exportsOpenAI = section.boolean("openai", default: true)
        exportsShareGPT = section.boolean("sharegpt", default: true)
        section.finish()
    }
}
