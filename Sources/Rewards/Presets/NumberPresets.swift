import Primitives

extension GradingPreset {
    /// Data sets whose answers are numbers.
    static let numberPresets: [GradingPreset] =
        [
            GradingPreset(
                "number_words", .number, ["words": true], "a cardinal in English words or digits; forty-two is 42"),
            GradingPreset(
                "number_words_ordinal", .number, ["words": true, "ordinals": true],
                "a rank in English words or digits; forty-second and 42nd are 42"),
            GradingPreset(
                "number_locale", .number,
                ["separators": "guess", "currency": "optional", "text_around": "ignore"],
                "the first amount of a price text, separators guessed as shops write them"),
            GradingPreset(
                "number_last", .number, ["answer_in": "last_number"], "the last number of the text"),
            GradingPreset(
                "number_gsm8k", .number, ["answer_in": "hashes"], "the number after ####, as in GSM8K"),
            GradingPreset(
                "rg_bitwise_arithmetic", .number, ["literals": true], "a number that may be written as 0x1f"),
            GradingPreset(
                "rg_base_conversion", .number, ["base": 36],
                "the digits of a number in a base, letters in either case; the digits must be the same"),
        ] + reasoningGymNumbers

    /// Tasks of reasoning-gym whose answers are always plain numbers.
    private static let reasoningGymNumbers: [GradingPreset] = [
        "aiw", "basic_arithmetic", "chain_sum", "coin_flip", "count_bits", "count_primes", "decimal_arithmetic",
        "decimal_chain_sum", "dice", "gcd", "gsm_symbolic", "lcm", "leg_counting", "letter_counting", "number_format",
        "number_sequence", "power_function", "products", "simple_equations", "simple_geometry",
    ].map { GradingPreset("rg_" + $0, .number, [:], "a number, exactly") }

    /// How to grade a task of reasoning-gym that has no preset of its own, by the form of its gold: a number, a
    /// boolean, a list, a tuple or formula, or else a text.
    static func reasoningGym(gold: String) -> GradingPreset {
        let text = AnswerText(gold)
        let name = "rg_*"
        var work = Work()
        let isPlain = !text.bytes.contains { Self.isLetter($0) || $0 == UInt8(ascii: "$") }
        if isPlain, (try? NumberReader().value(text, work: &work)) != nil {
            return GradingPreset(name, .number, [:], "a number, exactly")
        }
        switch gold {
        case "True", "False": return GradingPreset(name, .boolean, [:], "True or False")
        case _ where gold.hasPrefix("[") && gold.hasSuffix("]"):
            return GradingPreset(name, .list, [:], "a list, in order")
        default: break
        }
        let isFormula =
            text.bytes.contains { "\\$*^=".utf8.contains($0) } || isTuple(text.bytes) || isAngle(text.bytes)
            || isComplex(text.bytes)
        return isFormula
            ? GradingPreset(name, .latex, [:], "a formula or tuple") : GradingPreset(name, .text, [:], "a text")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Numbers in round brackets.
    private static func isTuple(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "("), bytes[bytes.count - 1] == UInt8(ascii: ")") else {
            return false
        }
        return bytes.allSatisfy { byte in
            AnswerText.isSpace(byte) || (0x28...0x39).contains(byte)
        }
    }

    /// Numbers, signs and an imaginary unit at the end.
    private static func isComplex(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 1, bytes[bytes.count - 1] == UInt8(ascii: "i") else { return false }
        return bytes.dropLast().allSatisfy { "0123456789.+- ".utf8.contains($0) }
    }

    /// A number and a degree sign.
    private static func isAngle(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 2, bytes.suffix(2).elementsEqual([0xC2, 0xB0]) else { return false }
        var work = Work()
        return (try? NumberReader().value(AnswerText(bytes.dropLast(2)), work: &work)) != nil
    }
}
