/// The split patterns of published language models.
enum ModelSplitPatterns {
    static func scanner(for regex: String) -> (any SplitScanner)? {
        let regex = spelt(regex)
        if let known = ByteLevelPattern(spelt: [regex])?.scanner { return known }
        if regex.utf8.elementsEqual(digitTriplets.utf8) { return DigitTripletScanner() }
        return deepSeekStages.first { $0.regex.utf8.elementsEqual(regex.utf8) }?.scanner
    }

    /// The pattern with line breaks as escapes, the way most files write them.
    static func spelt(_ regex: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in regex.unicodeScalars {
            switch scalar {
            case "\r": result.append(contentsOf: #"\r"#.unicodeScalars)
            case "\n": result.append(contentsOf: #"\n"#.unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static let contractions = "'s|'t|'re|'ve|'m|'ll|'d"
    private static let whiteSpace = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

    static let gpt2 = [
        #"\#(contractions)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
    ]

    /// Tiny Aya and AFMoE: digits in groups of three, counted from the right.
    static let digitTriplets = #"\d{1,3}(?=(?:\d{3})*\b)"#

    /// Qwen2, Qwen2.5 and Qwen3.
    static let qwen = [prefixedWords(#"\p{N}"#), possessivePrefixedWords(#"\p{N}"#)]
    /// Llama 3, GLM-4, and GPT-4 as Hugging Face writes its pattern.
    static let llama3 = [prefixedWords(#"\p{N}{1,3}"#), possessivePrefixedWords(#"\p{N}{1,3}"#)]
    static let qwen35 =
        #"(?i:\#(contractions))|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\#(whiteSpace)"#
    static let o200k = casedWords(contractions: "(?i:\(contractions))?", numbers: #"\p{N}{1,3}"#)
    static let tekken = casedWords(contractions: "", numbers: #"\p{N}"#)

    static let deepSeekStages: [(regex: String, scanner: any SplitScanner)] = [
        (#"\p{N}{1,3}"#, NumberGroupScanner(limit: 3)),
        ("[一-龥぀-ゟ゠-ヿ]+", DeepSeekIdeographScanner()),
        (
            ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
                + #"| ?[\p{P}\p{S}]+[\r\n]*|\#(whiteSpace)"#,
            DeepSeekWordScanner()
        ),
    ]

    private static func prefixedWords(_ numbers: String) -> String {
        #"(?i:\#(contractions))|[^\r\n\p{L}\p{N}]?\p{L}+|\#(numbers)| ?[^\s\p{L}\p{N}]+[\r\n]*|\#(whiteSpace)"#
    }

    /// The same as tiktoken writes it: none of these runs could be shortened, and one line break at the end of white space
    /// leaves no others.
    private static func possessivePrefixedWords(_ numbers: String) -> String {
        #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\#(numbers)| ?[^\s\p{L}\p{N}]++[\r\n]*"#
            + #"|\s*[\r\n]|\s+(?!\S)|\s+"#
    }

    private static func casedWords(contractions: String, numbers: String) -> String {
        let prefix = #"[^\r\n\p{L}\p{N}]?"#
        let capitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
        let smalls = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
        return "\(prefix)\(capitals)*\(smalls)+\(contractions)|\(prefix)\(capitals)+\(smalls)*\(contractions)"
            + #"|\#(numbers)| ?[^\s\p{L}\p{N}]+[\r\n/]*|\#(whiteSpace)"#
    }
}
