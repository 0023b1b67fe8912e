import Primitives

extension GradingPreset {
    /// The formulas of composite rewards, with the gold's members as their settings and the prediction's as their input.
    static let compositePresets: [GradingPreset] = [
        formula("composite_soft_overlong", "Soft overlong punishment with a floor of -1") {
            settings, input throws(AnswerProblem) in
            SoftOverlong(
                maximumLength: try settings.integer("max_completion_len", "max_resp_len"),
                buffer: try settings.integer("soft_punish_cache", "overlong_buffer_len")
            ).value(length: try length(input))
        },
        formula("composite_dapo_overlong_linear", "Overlong punishment without a floor") {
            settings, input throws(AnswerProblem) in
            LinearOverlong(
                maximumLength: try settings.integer("max_resp_len", "max_completion_len"),
                buffer: try settings.integer("overlong_buffer_len", "soft_punish_cache"),
                factor: settings.optionalDouble("penalty_factor") ?? 1
            ).value(length: try length(input))
        },
        formula("composite_repetition_tokens", "Penalty for repeated n-grams of tokens") {
            settings, input throws(AnswerProblem) in
            let tokens = try input.integers("token_ids", "completion_ids", "tokens")
            return RepetitionPenalty(
                ngramSize: try settings.integer("ngram_size"), maximumPenalty: try settings.double("max_penalty")
            ).value(tokens.map(Int32.init(truncatingIfNeeded:)))
        },
        formula("composite_search_r1", "The outcome table of Search-R1") { settings, input throws(AnswerProblem) in
            let table = SearchStructure(
                score: settings.optionalDouble("score") ?? 1,
                structure: settings.optionalDouble("structure_format_score") ?? 0.2,
                answer: settings.optionalDouble("final_format_score") ?? 0.1,
                retrieval: settings.optionalDouble("retrieval_score") ?? 0.1)
            return table.value(
                isCorrect: try input.bool("exact_match", "correct"), isWellFormed: try input.bool("valid_format"),
                hasRetrieved: input.optionalBool("retrieval_correct") ?? false,
                hasAnswer: try input.bool("answer_present"))
        },
        formula("composite_cosine", "Cosine length shaping", cosine),
        formula("composite_kimi_length", "Length reward of Kimi k1.5") { settings, input throws(AnswerProblem) in
            KimiLength.value(
                length: try length(input), shortest: try settings.integer("min_len", "min_length"),
                longest: try settings.integer("max_len", "max_length"), isCorrect: try isCorrect(input))
        },
        formula("composite_tool_efficiency", "Tool calls against the expected number") {
            settings, input throws(AnswerProblem) in
            ToolEfficiency.value(
                calls: try input.integer("calls", "tool_calls"), expected: try settings.integer("expected"))
        },
        formula("composite_citation", "Cited passages that were retrieved") { settings, input throws(AnswerProblem) in
            EvidenceCitation(
                cited: try input.strings("cited"), retrieved: Set(try input.strings("retrieved")),
                evidence: Set(try settings.strings("evidence"))
            ).value
        },
        formula("composite_rubric", "Rubric score of HealthBench", rubric),
    ]

    private typealias Formula = @Sendable (CheckArguments, CheckArguments) throws(AnswerProblem) -> Double

    private static func formula(_ name: String, _ meaning: String, _ compute: @escaping Formula) -> GradingPreset {
        GradingPreset(name, meaning) { subject throws(AnswerProblem) in
            let gold: JSONValue = subject.gold.isNull ? .object(JSONObject()) : subject.gold
            return try compute(
                CheckArguments(gold, policy: subject.policy), CheckArguments(wrapped(subject.prediction)))
        }
    }

    /// A bare array is the criteria that a rubric's judge met.
    private static func wrapped(_ prediction: JSONValue) -> JSONValue {
        guard case .array = prediction else { return prediction }
        return ["criteria_met": prediction]
    }

    private static func length(_ input: CheckArguments) throws(AnswerProblem) -> Int {
        if let length = input.optionalInteger("length", "completion_length", "len", "gen_len") { return length }
        return try input.integers("token_ids", "completion_ids").count
    }

    private static func isCorrect(_ input: CheckArguments) throws(AnswerProblem) -> Bool {
        try input.bool("correct", "is_correct", "exact_match")
    }

    private static let cosine: Formula = { settings, input throws(AnswerProblem) in
        func range(
            _ low: Double?, _ high: Double?, _ standard: ClosedRange<Double>
        ) throws(AnswerProblem) -> ClosedRange<Double> {
            let (low, high) = (low ?? standard.lowerBound, high ?? standard.upperBound)
            guard low <= high else {
                throw .malformed("expected a least value below the greatest, found \(low), \(high)")
            }
            return low...high
        }
        let shaping = CosineLength(
            maximumLength: try settings.integer("max_len", "max_completion_len", "max_length"),
            correct: try range(
                settings.optionalDouble("min_value_correct"), settings.optionalDouble("max_value_correct"), 0.5...1),
            wrong: try range(
                settings.optionalDouble("min_value_wrong"), settings.optionalDouble("max_value_wrong"), -1 ... -0.5))
        return shaping.value(length: try length(input), isCorrect: try isCorrect(input))
    }

    private static let rubric: Formula = { settings, input throws(AnswerProblem) in
        var points: [Double] = []
        for item in try settings.array("rubric_items", "rubrics", "rubric", "points") {
            guard let value = item.doubleValue ?? item["points"]?.doubleValue else {
                throw .malformed("expected points for each criterion, found \(item.kind)")
            }
            points.append(value)
        }
        var met: [Bool] = []
        for item in try input.array("criteria_met", "grading_response_list", "grading", "met") {
            guard let flag = item.boolValue ?? item["criteria_met"]?.boolValue else {
                throw .malformed("expected true or false for each criterion, found \(item.kind)")
            }
            met.append(flag)
        }
        guard let score = RubricScore(points: points).unclipped(met: met) else {
            throw .undecided("a rubric needs positive points, and a judgement of each criterion")
        }
        return settings.optionalBool("clip") ?? false ? min(1, max(0, score)) : score
    }
}
