/// A unit of measure for rooms above: what quantities of answers are read with, without their policies.
///
/// Proportions (`%`, ppm) are plain numbers here. Moles are no numbers: a molar mass turns them into grams.
public struct UnitOfMeasure: Sendable, Hashable {
    let meaning: UnitMeaning

    init(_ meaning: UnitMeaning) { self.meaning = meaning }

    public static let one = UnitOfMeasure(.one)

    /// A unit as people write it or as a code of UCUM; see ``UnitReader``.
    public init(_ text: String) throws(AnswerProblem) {
        var work = Work()
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 200 else { throw .malformed("expected a unit") }
        var meaning = try UnitReader.read(bytes, 0..<bytes.count, work: &work)
        let proportions = meaning.dimension.exponent(at: Dimension.proportionPlace)
        if proportions != 0, let factor = Rational(1, 100)?.power(proportions) {
            meaning.dimension = meaning.dimension.without(Dimension.proportionPlace)
            meaning = meaning.scaled(by: factor)
        }
        self.init(meaning)
    }

    /// How many base units one of this unit is, but for ``piPower``.
    public var scale: Rational { meaning.scale }
    /// The power of π that belongs to the scale: 1 for degrees of angle.
    public var piPower: Int { meaning.piPower }
    /// What a temperature scale adds in kelvins; zero for other units.
    public var offset: Rational { meaning.offset }
    /// Whether zero of the unit is not zero of what it measures: degrees Celsius and Fahrenheit.
    public var hasZeroPoint: Bool { meaning.zeroPoint != .none }
    public var isPlainNumber: Bool { meaning.dimension.isOne }
    /// What the unit measures, as a product of base units: `m-3.g`; `1` for plain numbers.
    public var dimension: String { meaning.dimension.description }
    /// The power of the mole in the dimension.
    public var molePower: Int { meaning.dimension.exponent(at: Dimension.molePlace) }

    public func measuresSame(as other: UnitOfMeasure) -> Bool { meaning.dimension == other.meaning.dimension }

    /// The product `self · other^exponent`; `nil` beyond the limits of sizes.
    public func times(_ other: UnitOfMeasure, power exponent: Int = 1) -> UnitOfMeasure? {
        meaning.times(other.meaning, power: exponent).map { UnitOfMeasure($0) }
    }

    /// The base units of the same dimension.
    public var base: UnitOfMeasure { UnitOfMeasure(UnitMeaning(scale: .one, dimension: meaning.dimension)) }

    /// The base units of this unit's square root; `nil` where an exponent is odd.
    public var baseOfSquareRoot: UnitOfMeasure? {
        var root = Dimension.one
        for place in Dimension.baseNames.indices {
            let exponent = meaning.dimension.exponent(at: place)
            guard exponent % 2 == 0 else { return nil }
            guard let next = root.times(Dimension(base: place), power: exponent / 2) else { return nil }
            root = next
        }
        for power in meaning.dimension.rare {
            guard power.exponent % 2 == 0 else { return nil }
            guard let next = root.times(Dimension(rare: power.unit), power: Int(power.exponent) / 2) else { return nil }
            root = next
        }
        return UnitOfMeasure(UnitMeaning(scale: .one, dimension: root))
    }

    /// Grams in place of moles, in the base units.
    public var baseWithGramsForMoles: UnitOfMeasure? {
        meaning.dimension.without(Dimension.molePlace).times(Dimension(base: 2), power: molePower).map {
            UnitOfMeasure(UnitMeaning(scale: .one, dimension: $0))
        }
    }
}
