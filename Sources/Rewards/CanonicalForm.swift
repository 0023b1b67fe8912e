/// The one text that stands for all spellings of the same answer of a kind.
///
/// Each side of a comparison is canonicalised alone and the canonical texts are compared byte for byte, which makes
/// equality reflexive, symmetric and transitive. Nothing is fuzzy: no edit distance, no stemming, no tolerance, no unit
/// is dropped.
public struct CanonicalForm: Sendable, Hashable {
    /// The canonical text, never empty; `nil` when the text is no answer of the kind.
    public private(set) var value: String?
    /// Why there is no value.
    public private(set) var problem: String?
    /// The rules that changed the text, in the order of their use.
    public private(set) var rules: [String]
    /// The number of characters visited.
    public private(set) var operations: Int

    public init(of text: String, kind: Gold.Kind) {
        switch kind {
        case .entity, .text: self = Self.name(text)
        case .integer: self = Self.number(text, mustBeInteger: true)
        case .decimal: self = Self.number(text, mustBeInteger: false)
        case .boolean: self = Self.boolean(text)
        case .choice: self = Self.choice(text)
        }
    }

    private init(value: String?, problem: String?, rules: [String] = [], operations: Int) {
        self.value = value
        self.problem = value == nil ? problem : nil
        self.rules = rules
        self.operations = operations
    }

    private static func name(_ text: String) -> CanonicalForm {
        let name = NameCanonicalizer(text)
        return CanonicalForm(
            value: name.value, problem: "it holds neither a letter nor a digit", rules: name.rules,
            operations: name.operations)
    }

    private static func number(_ text: String, mustBeInteger: Bool) -> CanonicalForm {
        var parser = DecimalParser(text)
        let parsed = parser.parse()
        let expected =
            mustBeInteger
            ? "an integer and nothing else, such as 1234 or 1,234" : "a number and nothing else, such as 0.25"
        guard let decimal = parsed, !mustBeInteger || decimal.isInteger else {
            return CanonicalForm(value: nil, problem: "expected \(expected)", operations: parser.operations)
        }
        return CanonicalForm(value: decimal.text, problem: nil, rules: parser.rules, operations: parser.operations)
    }

    private static func boolean(_ text: String) -> CanonicalForm {
        let name = NameCanonicalizer(text)
        let value: String? =
            switch name.value {
            case "yes", "true": "true"
            case "no", "false": "false"
            default: nil
            }
        return CanonicalForm(
            value: value, problem: "expected yes, no, true or false", rules: name.rules, operations: name.operations)
    }

    private static func choice(_ text: String) -> CanonicalForm {
        let name = NameCanonicalizer(text, additionalTrailing: ")")
        let letters = name.value.map { Array($0.utf8) } ?? []
        let isLetter = letters.count == 1 && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letters[0])
        return CanonicalForm(
            value: isLetter ? name.value?.uppercased() : nil, problem: "expected exactly one letter from A to Z",
            rules: name.rules, operations: name.operations)
    }
}
