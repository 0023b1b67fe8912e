import Primitives

/// Checks of instructions about form, by the names and arguments of the IFEval functions of open-instruct.
///
/// An empty response follows no instruction. Where the original counts what is not there (empty placeholders, an option
/// inside of another word, several options at once), these checks do not.
enum InstructionChecks {
    typealias Check = @Sendable (InstructionText, CheckArguments) throws(AnswerProblem) -> Bool

    static let all: [(name: String, meaning: String, check: Check)] =
        wordChecks + structureChecks + wholeTextChecks

    /// A number compared as `at least`, `at most` or `around`, which is within a tenth and at least one.
    static func satisfies(
        _ count: Int, _ arguments: CheckArguments, tolerance: Int? = nil
    ) throws(AnswerProblem) -> Bool {
        let number = try arguments.integer("N", "n")
        switch try arguments.string("quantifier") {
        case "at least": return count >= number
        case "at most": return count <= number
        case "around":
            let tenth = Int((Double(number) * 0.1).rounded(.toNearestOrEven))
            return (count - number).magnitude <= (tolerance ?? max(tenth, 1)).magnitude
        case let other:
            throw .malformed("expected `at least`, `at most` or `around` at `quantifier`, found `\(other)`")
        }
    }

    private static func has(
        _ count: Int, _ arguments: CheckArguments
    ) throws(AnswerProblem) -> Bool { count == (try arguments.integer("N", "n")) }

    // MARK: Words

    private static let wordChecks: [(name: String, meaning: String, check: Check)] = [
        (
            "verify_keywords", "all keywords appear",
            { text, arguments throws(AnswerProblem) in
                try arguments.strings("keyword_list", "keywords").allSatisfy {
                    !text.occurrences(of: $0, asWord: false, fold: InstructionText.lowercased).isEmpty
                }
            }
        ),
        (
            "verify_keyword_frequency", "a word appears N times",
            { text, arguments throws(AnswerProblem) in
                let word = try arguments.string("word", "keyword").unicodeScalars.map(InstructionText.lowercased)
                return try has(
                    text.words.count { $0.lazy.map(InstructionText.lowercased).elementsEqual(word) }, arguments)
            }
        ),
        (
            "validate_forbidden_words", "no forbidden word appears",
            { text, arguments throws(AnswerProblem) in
                try arguments.strings("forbidden_words").allSatisfy {
                    text.occurrences(of: $0, asWord: false, fold: InstructionText.lowercased).isEmpty
                }
            }
        ),
        (
            "verify_letter_frequency", "a letter appears N times",
            { text, arguments throws(AnswerProblem) in
                let letter = Array(try arguments.string("letter").unicodeScalars)
                guard letter.count == 1 else { throw .malformed("expected one letter at `letter`, found another text") }
                return try has(text.scalars.count { $0 == letter[0] }, arguments)
            }
        ),
        (
            "validate_word_constraint", "at least, around or at most N words",
            { text, arguments throws(AnswerProblem) in try satisfies(text.tokenCount, arguments) }
        ),
        (
            "verify_sentence_constraint", "at least, around (±1) or at most N sentences",
            { text, arguments throws(AnswerProblem) in try satisfies(text.sentenceCount, arguments, tolerance: 1) }
        ),
        (
            "validate_frequency_capital_words", "at least, around or at most N words in capitals",
            { text, arguments throws(AnswerProblem) in try satisfies(text.capitalWordCount, arguments) }
        ),
        (
            "validate_choice", "exactly one of the options appears",
            { text, arguments throws(AnswerProblem) in
                let found = try arguments.strings("options").flatMap { text.occurrences(of: $0, asWord: true) }
                return Set(outermost(found).map { text.scalars[$0] }).count == 1
            }
        ),
    ]

    /// The spans that lie inside of no other.
    private static func outermost(_ spans: [Range<Int>]) -> [Range<Int>] {
        var outermost: [Range<Int>] = []
        for span in spans.sorted(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) })
        where span.upperBound > outermost.last?.upperBound ?? -1 { outermost.append(span) }
        return outermost
    }

    // MARK: Structure

    private static let structureChecks: [(name: String, meaning: String, check: Check)] = [
        (
            "verify_paragraph_count", "N paragraphs between dividers `* * *`",
            { text, arguments throws(AnswerProblem) in
                let paragraphs = parts(text.string, between: "* * *")
                guard !paragraphs.contains(where: \.isBlank) else { return false }
                return try has(paragraphs.count, arguments)
            }
        ),
        (
            "validate_paragraphs", "N paragraphs between empty lines, and the i-th begins with a word",
            { text, arguments throws(AnswerProblem) in
                let paragraphs = parts(text.string, between: "\n\n")
                let index = try arguments.integer("i", "nth_paragraph")
                let word = Array(try arguments.string("first_word").unicodeScalars)
                guard try has(paragraphs.count, arguments), (1...paragraphs.count).contains(index) else { return false }
                return paragraphs[index - 1].scalars.drop(while: \.properties.isWhitespace).starts(with: word)
            }
        ),
        (
            "verify_postscript", "a postscript with the marker",
            { text, arguments throws(AnswerProblem) in
                let marker = try arguments.string("postscript_marker")
                guard let first = text.occurrences(of: marker, asWord: false).first else { return false }
                return !text.scalars[first.upperBound...].allSatisfy(\.properties.isWhitespace)
            }
        ),
        (
            "validate_placeholders", "at least N placeholders in square brackets",
            { text, arguments throws(AnswerProblem) in
                text.spanCount(from: ["["], to: ["]"]) >= (try arguments.integer("N", "n"))
            }
        ),
        (
            "verify_bullet_points", "exactly N bullet points",
            { text, arguments throws(AnswerProblem) in
                try has(
                    text.lines.count { line in
                        let rest = line.utf8.drop(while: AnswerText.isSpace)
                        guard let marker = rest.first, [UInt8(ascii: "*"), UInt8(ascii: "-")].contains(marker) else {
                            return false
                        }
                        return rest.dropFirst().first.map { $0 != marker } ?? false
                    }, arguments)
            }
        ),
        (
            "validate_title", "a title in double angular brackets",
            { text, _ throws(AnswerProblem) in text.spanCount(from: ["<", "<"], to: [">", ">"]) > 0 }
        ),
        (
            "validate_highlighted_sections", "at least N highlighted parts",
            { text, arguments throws(AnswerProblem) in text.highlightCount >= (try arguments.integer("N", "n")) }
        ),
        (
            "validate_sections", "at least N numbered sections",
            { text, arguments throws(AnswerProblem) in
                let splitter = try arguments.string("section_splitter", "section_spliter")
                let count = text.occurrences(of: splitter, asWord: false, fold: InstructionText.lowercased).count {
                    var index = $0.upperBound
                    if index < text.scalars.count, text.scalars[index].properties.isWhitespace { index += 1 }
                    return index < text.scalars.count && ("0"..."9").contains(text.scalars[index])
                }
                return count >= (try arguments.integer("N", "n"))
            }
        ),
        (
            "validate_two_responses", "two different responses between six asterisks",
            { text, _ throws(AnswerProblem) in
                let responses = parts(text.string, between: "******")
                guard responses.count == 2, !responses.contains(where: \.isBlank) else { return false }
                return trimmed(responses[0]) != trimmed(responses[1])
            }
        ),
    ]

    private static func parts(_ text: String, between separator: String) -> [InstructionText] {
        let bytes = Array(text.utf8)
        let sign = Array(separator.utf8)
        var parts: [InstructionText] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == sign[0], bytes[index...].starts(with: sign) {
                parts.append(InstructionText(String(decoding: bytes[start..<index], as: UTF8.self)))
                index += sign.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(InstructionText(String(decoding: bytes[start...], as: UTF8.self)))
        return parts
    }

    private static func trimmed(_ text: InstructionText) -> ArraySlice<Unicode.Scalar> {
        var scalars = text.scalars.drop(while: \.properties.isWhitespace)
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return scalars
    }

    // MARK: The whole text

    private static let wholeTextChecks: [(name: String, meaning: String, check: Check)] = [
        (
            "validate_json_format", "the whole response is JSON",
            { text, _ throws(AnswerProblem) in JSONValidity.isValid(Array(text.string.utf8)) }
        ),
        (
            "validate_repeat_prompt", "the prompt is repeated, and an answer follows",
            { text, arguments throws(AnswerProblem) in
                let prompt = try arguments.string("original_prompt", "prompt_to_repeat")
                let rest = text.scalars.dropFirst(prompt.unicodeScalars.count)
                return text.scalars.starts(with: prompt.unicodeScalars) && !rest.allSatisfy(\.properties.isWhitespace)
            }
        ),
        (
            "validate_uppercase", "no small letter",
            { text, _ throws(AnswerProblem) in
                text.string.unicodeScalars.elementsEqual(text.string.uppercased().unicodeScalars)
            }
        ),
        (
            "validate_lowercase", "no capital letter",
            { text, _ throws(AnswerProblem) in
                text.string.unicodeScalars.elementsEqual(text.string.lowercased().unicodeScalars)
            }
        ),
        (
            "validate_end", "the response ends with the phrase",
            { text, arguments throws(AnswerProblem) in
                let phrase = Array(try arguments.string("end_phrase").unicodeScalars)
                return text.scalars.reversed().starts(with: phrase.reversed())
            }
        ),
        (
            "validate_quotation", "the response stands in double quotes",
            { text, _ throws(AnswerProblem) in
                text.scalars.count > 2 && text.scalars.first == "\"" && text.scalars.last == "\""
            }
        ),
        ("validate_no_commas", "no comma", { text, _ throws(AnswerProblem) in !text.scalars.contains(",") }),
    ]
}
