import Knowledge

/// Reads a question that is worded by nested noun phrases without being told its relations.
struct QuestionReading: Sendable {
    private struct Template: Sendable {
        var step: Step
        var before: String
        var after: String
    }

    private let templates: [Template]

    init(relations: [Relation]) {
        templates = relations.indices.flatMap { index in
            [false, true].map { isInverse in
                let parts = QuestionWording.split(relations[index].phrases(inverse: isInverse).phrase, at: "{x}")
                return Template(
                    step: Step(relation: RelationIndex(index), isInverse: isInverse), before: parts.before,
                    after: parts.after)
            }
        }
    }

    /// The anchor and the steps; `nil` for a question that is worded otherwise. Of several readings the one with the most
    /// steps, which leaves the shortest name.
    func read(_ question: String) -> (anchor: String, steps: [Step])? {
        for opening in QuestionWording.openings {
            guard question.hasPrefix(opening.before), question.hasSuffix(opening.after),
                question.count > opening.before.count + opening.after.count
            else { continue }
            let phrase = question.dropFirst(opening.before.count).dropLast(opening.after.count)
            if let reading = readPhrase(phrase, depth: 0), !reading.steps.isEmpty { return reading }
        }
        return nil
    }

    private static let maximumDepth = 12

    private func readPhrase(_ phrase: Substring, depth: Int) -> (anchor: String, steps: [Step])? {
        var best = (anchor: String(phrase), steps: [Step]())
        guard depth < Self.maximumDepth else { return best }
        for template in templates
        where phrase.hasPrefix(template.before) && phrase.hasSuffix(template.after)
            && phrase.count > template.before.count + template.after.count
        {
            let inside = phrase.dropFirst(template.before.count).dropLast(template.after.count)
            guard var reading = readPhrase(inside, depth: depth + 1) else { continue }
            reading.steps.append(template.step)
            if reading.steps.count > best.steps.count { best = reading }
        }
        return best
    }
}
