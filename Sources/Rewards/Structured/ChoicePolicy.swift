import Primitives

/// What may be chosen.
struct ChoicePolicy: Sendable, Hashable {
    struct Option: Sendable, Hashable {
        /// Upper case.
        var letter: UInt8
        var folded: [UInt8]
    }

    /// `letters`: how many letters from A on there are, as a count or as `"A-E"`.
    var letterCount = 26
    /// `options`: the texts, as an array from A on or as an object from letters to texts.
    var options: [Option] = []

    init() {}

    init(options texts: [String]) throws(RewardError) {
        options = try Self.options(.array(texts.map { .string($0) }))
        letterCount = options.count
    }

    init(_ fields: inout PolicyFields) throws(RewardError) {
        if let value = fields.json("options") {
            options = try Self.options(value)
            letterCount = options.reduce(0) { max($0, Int($1.letter - UInt8(ascii: "A")) + 1) }
        }
        if let value = fields.json("letters") { letterCount = try Self.letterCount(value) }
    }

    private static func letterCount(_ value: JSONValue) throws(RewardError) -> Int {
        if let count = value.integerValue, (1...26).contains(count) { return count }
        if let text = value.stringValue {
            let bytes = Array(text.utf8)
            if bytes.count == 3, bytes[0] | 0x20 == UInt8(ascii: "a"), bytes[1] == UInt8(ascii: "-"),
                ASCII.isLetter(bytes[2])
            {
                return Int((bytes[2] | 0x20) - UInt8(ascii: "a")) + 1
            }
        }
        throw .invalidPolicy(field: "letters", found: value.text, expected: "a count from 1 to 26, or such as \"A-D\"")
    }

    private static func options(_ value: JSONValue) throws(RewardError) -> [Option] {
        func wrong(_ found: String, _ expected: String) -> RewardError {
            .invalidPolicy(field: "options", found: found, expected: expected)
        }
        var options: [Option] = []
        switch value {
        case .array(let texts):
            guard (1...26).contains(texts.count) else { throw wrong(value.text, "1 to 26 texts") }
            for (index, text) in texts.enumerated() {
                guard let text = text.stringValue else { throw wrong(text.text, "a string") }
                options.append(
                    Option(letter: UInt8(ascii: "A") + UInt8(index), folded: PlainFold.fold(AnswerText(text))))
            }
        case .object(let table):
            for (key, text) in table.members {
                let letter = Array(key.utf8)
                guard let text = text.stringValue, letter.count == 1, ASCII.isLetter(letter[0]) else {
                    throw wrong(key, "single letters with texts")
                }
                options.append(Option(letter: letter[0] & 0xDF, folded: PlainFold.fold(AnswerText(text))))
            }
        default: throw wrong(value.text, "an array of texts or an object from letters to texts")
        }
        for (index, option) in options.enumerated() {
            guard !option.folded.isEmpty else { throw wrong(value.text, "no empty text") }
            for other in options[..<index] where other.folded == option.folded || other.letter == option.letter {
                throw wrong(value.text, "texts and letters that differ")
            }
            if option.folded.count == 1, ASCII.isLetter(option.folded[0]), option.folded[0] & 0xDF != option.letter {
                throw wrong(value.text, "no text that is another option's letter")
            }
        }
        return options
    }
}
