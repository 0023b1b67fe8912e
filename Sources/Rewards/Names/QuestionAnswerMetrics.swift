import Primitives

/// The metrics of question-answering benchmarks, as checks.
///
/// They follow the benchmarks' definitions except where those reward nothing: an answer without a letter or digit never
/// scores, a gold that no answer could match is an error, and normalisation never joins digits or drops signs (see
/// ``InnerPunctuation``).
enum QuestionAnswerMetrics {
    private static let reader: TextReader = {
        var policy = TextPolicy()
        policy.punctuation = .ignore
        return TextReader(policy: policy)
    }()

    /// 1 where the text after the thinking equals a gold.
    static func exactMatch(_ subject: GradingPreset.Subject) throws(AnswerProblem) -> Double {
        var work = Work()
        let golds = try texts(subject.gold)
        guard let answer = try visibleText(subject.prediction, &work),
            let canonical = try predicted(answer, &work)
        else { return 0 }
        for gold in golds {
            if try reader.canonical(TextHygiene.clean(Array(gold.utf8)[...], work: &work), work: &work) == canonical {
                return 1
            }
        }
        return 0
    }

    /// The greatest overlap of words with a gold, after the thinking and in normal form.
    static func overlap(_ subject: GradingPreset.Subject) throws(AnswerProblem) -> Double {
        var work = Work()
        let golds = try texts(subject.gold)
        guard let answer = try visibleText(subject.prediction, &work),
            let canonical = try predicted(answer, &work)
        else { return 0 }
        let words = bag(canonical)
        var best = 0.0
        for gold in golds {
            let text = try reader.canonical(TextHygiene.clean(Array(gold.utf8)[...], work: &work), work: &work)
            best = max(best, words.overlap(with: bag(text)))
        }
        return best
    }

    /// The greatest overlap of words as they are written with a gold's.
    static func literalOverlap(_ subject: GradingPreset.Subject) throws(AnswerProblem) -> Double {
        var work = Work()
        let golds = try texts(subject.gold)
        guard case .string(let text) = subject.prediction else { return 0 }
        let words = AnswerWords(try literalWords(text, &work))
        var best = 0.0
        for gold in golds { best = max(best, words.overlap(with: AnswerWords(try literalWords(gold, &work)))) }
        return best
    }

    /// 1 where prediction and gold are equal texts, or the gold is a number and the stated answer is that number.
    static func expressionMatch(_ subject: GradingPreset.Subject) throws(AnswerProblem) -> Double {
        var work = Work()
        let golds = try texts(subject.gold)
        guard let answer = try visibleText(subject.prediction, &work) else { return 0 }
        let plain = TextReader()
        let canonical: [UInt8]
        do {
            canonical = try plain.canonical(answer, work: &work)
        } catch .malformed {
            return 0
        }
        for gold in golds {
            let text = try TextHygiene.clean(Array(gold.utf8)[...], work: &work)
            if try plain.canonical(text, work: &work) == canonical { return 1 }
            if let number = Rational(plainDecimal: text.string), number == StatedAnswer.number(in: answer.bytes) {
                return 1
            }
        }
        return 0
    }

    // MARK: Parts

    private static func predicted(_ answer: AnswerText, _ work: inout Work) throws(AnswerProblem) -> [UInt8]? {
        do {
            return try reader.canonical(answer, work: &work)
        } catch .malformed {
            return nil
        }
    }

    private static func bag(_ canonical: [UInt8]) -> AnswerWords {
        AnswerWords(canonical.split(separator: NameByte.space).lazy.map { String(decoding: $0, as: UTF8.self) })
    }

    private static func literalWords(_ text: String, _ work: inout Work) throws(AnswerProblem) -> [String] {
        let clean = try TextHygiene.clean(Array(text.utf8)[...], work: &work)
        return clean.bytes.split(whereSeparator: AnswerText.isSpace).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The texts of a gold: a string, a number, or an array of them.
    static func texts(_ value: JSONValue) throws(AnswerProblem) -> [String] {
        switch value {
        case .string(let text): return [text]
        case .integer, .bigInteger, .number: return [value.text]
        case .array(let elements):
            var texts: [String] = []
            for element in elements { texts += try self.texts(element) }
            guard !texts.isEmpty else { throw .malformed("expected at least one gold answer, found none") }
            return texts
        default: throw .malformed("expected a text or an array of texts, found \(value.text)")
        }
    }

    /// What the policy says after its thinking, without answer tags; `nil` where the thinking is not closed or nothing
    /// is left.
    private static func visibleText(
        _ prediction: JSONValue, _ work: inout Work
    ) throws(AnswerProblem) -> AnswerText? {
        guard case .string(let text) = prediction else { return nil }
        guard let visible = CompletionText.bytes(Array(text.utf8)) else { return nil }
        let clean = try TextHygiene.clean(visible[...], work: &work)
        return clean.isEmpty ? nil : clean
    }
}
