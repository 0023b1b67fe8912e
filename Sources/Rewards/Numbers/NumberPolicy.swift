/// How numbers are read and when two of them are equal: the number part of an item's policy.
///
/// | field | values | meaning |
/// |---|---|---|
/// | `separators` | `english` (default), `european`, `either`, `guess` | ``NumberStyle/Separators`` |
/// | `space_groups` | bool, default true for `european` and `guess` | ordinary spaces group digits |
/// | `fractions` | bool, default by type | `3/4`, `1 1/2` and `½` are numbers |
/// | `words` | bool, default by type | `two hundred and five`, `3 million` |
/// | `ordinals` | bool, default false | `twenty-first` and `21st` are 21 |
/// | `suffixes` | bool, default false | `1.5k`, `3M`, `2bn` |
/// | `percent` | `value`, `bare`, `required`, `forbidden` | ``Percent``; default by type |
/// | `currency` | `forbidden` (default), `optional`, `required` | ``Currency`` |
/// | `literals` | bool, default false | `0x1F`, `0b101`, `0o17` |
/// | `base` | 2…36 | the answer is digits in this base, with or without its prefix |
/// | `parentheses` | bool, default false | `(5)` is −5 |
/// | `text_around` | `refuse` (default), `ignore` | ``TextAround`` |
/// | `significant_figures` | 1…100 | ``Rounding`` |
/// | `decimals` | 0…100 | ``Rounding`` |
/// | `tolerance` | number ≥ 0 | absolute tolerance, the bound included |
/// | `relative_tolerance` | number ≥ 0 | tolerance as a part of the gold's magnitude, the bound included |
///
/// Rounding is defined at ``NumberRounding/isRounding(_:of:to:work:)``. With both tolerances one of them suffices;
/// rounding and tolerances exclude each other.
struct NumberPolicy: Sendable, Hashable {
    /// What a percent sign does. A sign never means two things in one item.
    enum Percent: String, Sendable, Hashable, CaseIterable {
        /// `50%` is 0.5.
        case value
        /// `50%` is 50: the item asks for a percentage, and the sign is decoration.
        case bare
        /// The sign must stand; `50%` is 0.5.
        case required
        case forbidden
    }

    enum Currency: String, Sendable, Hashable, CaseIterable {
        case forbidden
        /// `$5` is 5.
        case optional
        case required
    }

    enum TextAround: String, Sendable, Hashable, CaseIterable {
        /// The whole text is the number.
        case refuse
        /// The first number of the text counts. Lenient; for extraction data sets only.
        case ignore
    }

    /// The place to which a gold's exact value is rounded before comparison.
    enum Rounding: Sendable, Hashable {
        case significantFigures(Int)
        case decimals(Int)
    }

    var style = NumberStyle()
    var words = true
    var ordinals = false
    var suffixes = false
    var percent = Percent.value
    var currency = Currency.forbidden
    var base: Int?
    var textAround = TextAround.refuse
    var rounding: Rounding?
    var tolerance: Rational?
    var relativeTolerance: Rational?

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) { try self.init(&fields, type: .number) }

    /// The defaults of a type: words are not read for ``AnswerType/decimal``, and fractions and percent signs only for
    /// ``AnswerType/number`` and ``AnswerType/percent``.
    init(_ fields: inout PolicyFields, type: AnswerType) throws(RewardError) {
        style.separators = try fields.choice("separators", default: .english)
        let spacesByDefault = style.separators == .european || style.separators == .guess
        style.spaceGroups = try fields.bool("space_groups", default: spacesByDefault)
        style.fractions = try fields.bool("fractions", default: type != .integer && type != .decimal)
        style.literals = try fields.bool("literals")
        style.parentheses = try fields.bool("parentheses")
        words = try fields.bool("words", default: type != .decimal)
        ordinals = try fields.bool("ordinals")
        suffixes = try fields.bool("suffixes")
        percent = try fields.choice(
            "percent", default: type == .integer || type == .decimal ? .forbidden : .value)
        currency = try fields.choice("currency", default: .forbidden)
        base = try fields.integer("base", in: 2...36)
        textAround = try fields.choice("text_around", default: .refuse)
        if let figures = try fields.integer("significant_figures", in: 1...100) {
            rounding = .significantFigures(figures)
        }
        if let decimals = try fields.integer("decimals", in: 0...100) {
            guard rounding == nil else {
                throw .invalidPolicy(
                    field: "decimals", found: String(decimals), expected: "no significant_figures beside it")
            }
            rounding = .decimals(decimals)
        }
        tolerance = try Self.bound("tolerance", &fields)
        relativeTolerance = try Self.bound("relative_tolerance", &fields)
        if rounding != nil, tolerance != nil || relativeTolerance != nil {
            throw .invalidPolicy(
                field: "tolerance", found: (tolerance ?? relativeTolerance ?? 0).description,
                expected: "no significant_figures or decimals beside it")
        }
    }

    private static func bound(_ key: String, _ fields: inout PolicyFields) throws(RewardError) -> Rational? {
        guard let bound = try fields.rational(key) else { return nil }
        guard bound.signum >= 0 else {
            throw .invalidPolicy(field: key, found: bound.description, expected: "a number that is not negative")
        }
        return bound
    }
}
