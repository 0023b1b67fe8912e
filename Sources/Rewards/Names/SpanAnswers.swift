import Primitives

/// DROP's score of an answer that is a list of spans.
///
/// Each span is a bag of words in normal form, hyphens separate words, and words that are numbers are equal as numbers.
/// Spans are aligned one to one for the greatest sum of overlaps, where a gold span with numbers overlaps only a span that
/// shares one, and the sum is divided by the length of the longer list.
enum SpanAnswers {
    private struct Span {
        var words: AnswerWords
        var numbers: Set<String>
    }

    static func score(_ subject: GradingPreset.Subject) throws(AnswerProblem) -> Double {
        var work = Work()
        let golds = try spans(QuestionAnswerMetrics.texts(subject.gold), &work)
        guard golds.allSatisfy({ $0.words.total > 0 }) else {
            throw .malformed("expected gold spans with words, found one without")
        }
        if case .array(let elements) = subject.prediction, elements.isEmpty { return 0 }
        let predictions = try spans(QuestionAnswerMetrics.texts(subject.prediction), &work)
        let longer = max(golds.count, predictions.count)
        guard longer <= SpanAlignment.maximumSpans else {
            throw .overBudget("the answer has \(longer) spans; at most \(SpanAlignment.maximumSpans) are aligned")
        }
        try work.spend(longer * longer * longer)
        let scores = golds.map { gold in
            predictions.map { prediction in
                gold.numbers.isEmpty || !gold.numbers.isDisjoint(with: prediction.numbers)
                    ? gold.words.overlap(with: prediction.words) : 0
            }
        }
        return SpanAlignment.bestSum(scores) / Double(longer)
    }

    private static let reader: TextReader = {
        var policy = TextPolicy()
        policy.punctuation = .ignore
        return TextReader(policy: policy)
    }()

    private static func spans(_ texts: [String], _ work: inout Work) throws(AnswerProblem) -> [Span] {
        var spans: [Span] = []
        for text in texts {
            let clean = try TextHygiene.clean(Array(text.utf8)[...], work: &work)
            var words: [String] = []
            do {
                let canonical = try reader.canonical(AnswerText(apart(clean.bytes)[...]), work: &work)
                words = canonical.split(separator: NameByte.space).map { String(decoding: $0, as: UTF8.self) }
            } catch .malformed {
                // A span without a letter or digit matches nothing.
            }
            let standardised = words.map { word in word.utf8.count <= 64 ? number(word) ?? word : word }
            spans.append(
                Span(words: AnswerWords(standardised), numbers: Set(standardised.filter { number($0) != nil })))
        }
        return spans
    }

    /// With a space for each hyphen after a letter or digit.
    private static func apart(_ bytes: [UInt8]) -> [UInt8] {
        bytes.indices.map { index in
            index > 0 && bytes[index] == NameByte.hyphen && NameByte.isWord(bytes[index - 1])
                && !isExponent(bytes, index) ? NameByte.space : bytes[index]
        }
    }

    /// The sign of `1e-5`.
    private static func isExponent(_ bytes: [UInt8], _ index: Int) -> Bool {
        index >= 2 && bytes[index - 1] | 0x20 == UInt8(ascii: "e") && NameByte.isDigit(bytes[index - 2])
            && index + 1 < bytes.count && NameByte.isDigit(bytes[index + 1])
    }

    private static func number(_ word: String) -> String? {
        guard let first = word.utf8.first, !NameByte.isLetter(first) else { return nil }
        return Rational(plainDecimal: word)?.description
    }
}
