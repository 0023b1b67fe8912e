import Primitives

extension GradingPreset {
    /// Presets for units and quantities.
    static let quantityPresets: [GradingPreset] = [
        GradingPreset(
            "quantity_text", .quantity,
            [
                "words": true, "suffixes": true, "space_groups": true, "parentheses": true, "range": "mean",
                "uncertainty": "ignore", "pounds": "by_scale", "relative_tolerance": 1e-9,
            ],
            "A quantity cut out of running English text: ranges mean their middle, uncertainties are left out."),
        GradingPreset("ucum_valid", "Whether the prediction is a unit of UCUM, case-sensitive.") {
            (subject) throws(AnswerProblem) in
            UCUMChecks.isValid(try text(subject.prediction)) ? 1 : 0
        },
        GradingPreset("ucum_display", "Whether the gold is the display name of the prediction, a code of UCUM.") {
            (subject) throws(AnswerProblem) in
            try UCUMChecks.displays(try text(subject.gold), try text(subject.prediction)) ? 1 : 0
        },
        GradingPreset(
            "ucum_convert", "Whether the prediction converts to the gold, rounded to the figures of one of both."
        ) { (subject) throws(AnswerProblem) in
            let gold = try UCUMChecks.Written(try text(subject.gold))
            let written = try UCUMChecks.Written(try text(subject.prediction))
            let isEqual = UCUMChecks.converts(
                gold, written.value, written.unit, figures: written.significantFigures)
            return isEqual ? 1 : 0
        },
        GradingPreset("ucum_multiplication", "Whether the product of the prediction's two quantities is the gold.") {
            (subject) throws(AnswerProblem) in
            try product(subject, power: 1)
        },
        GradingPreset("ucum_division", "Whether the quotient of the prediction's two quantities is the gold.") {
            (subject) throws(AnswerProblem) in
            try product(subject, power: -1)
        },
    ]

    private static func text(_ value: JSONValue) throws(AnswerProblem) -> String {
        guard let text = value.stringValue else { throw .malformed("expected a string, found \(value.text)") }
        return text
    }

    private static func product(_ subject: Subject, power: Int) throws(AnswerProblem) -> Double {
        guard case .array(let operands) = subject.prediction, operands.count == 2 else {
            throw .malformed("expected an array of two quantities, found \(subject.prediction.text)")
        }
        let gold = try UCUMChecks.Written(try text(subject.gold))
        let left = try UCUMChecks.Written(try text(operands[0]))
        let right = try UCUMChecks.Written(try text(operands[1]))
        guard let factor = right.value.power(power) else { throw .malformed("a division by zero") }
        guard let unit = left.unit.times(right.unit, power: power) else {
            throw .overBudget("the unit's factor or exponent is too large")
        }
        return UCUMChecks.converts(gold, left.value * factor, unit, figures: 0) ? 1 : 0
    }
}
