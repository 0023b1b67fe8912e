/// What a quantity measures: a product of powers of base units.
///
/// The common base units have fixed places. Arbitrary units (international units, titres, currencies, logarithmic
/// scales) are dimensions of their own, because UCUM defines no conversion between them, and stand in `rare`.
struct Dimension: Sendable, Hashable {
    /// The base units with a fixed place, in the order of their places.
    ///
    /// UCUM's seven come first. UCUM makes the mole a number and `eq` and `osm` moles; here they stay apart, because
    /// `1 mmol/L` of calcium is `2 meq/L`, and no reader knows the substance. Proportions (`%`, ppm) are apart from
    /// plain numbers until a policy joins them.
    static let baseNames = ["m", "s", "g", "rad", "K", "C", "cd", "mol", "eq", "osm", "bit", "%", "[iU]"]

    static let molePlace = 7
    static let proportionPlace = 11

    /// No exponent may leave this range, so that a long product cannot overflow.
    static let exponentLimit = 60

    struct RarePower: Sendable, Hashable {
        /// A place in ``RareUnits/names``.
        var unit: UInt16
        var exponent: Int8
    }

    private(set) var powers: SIMD16<Int8>
    /// Sorted by unit, without zero exponents.
    private(set) var rare: [RarePower]

    static let one = Dimension(powers: .zero, rare: [])

    private init(powers: SIMD16<Int8>, rare: [RarePower]) {
        self.powers = powers
        self.rare = rare
    }

    init(base place: Int) {
        powers = .zero
        powers[place] = 1
        rare = []
    }

    init(rare unit: UInt16) {
        powers = .zero
        rare = [RarePower(unit: unit, exponent: 1)]
    }

    var isOne: Bool { powers == .zero && rare.isEmpty }

    /// The product `self · other^exponent`; `nil` where an exponent leaves the limit.
    func times(_ other: Dimension, power exponent: Int) -> Dimension? {
        guard abs(exponent) <= Self.exponentLimit else { return nil }
        var result = self
        if rare.isEmpty, other.rare.isEmpty, exponent == 1, powers == .zero { return other }
        for place in Self.baseNames.indices where other.powers[place] != 0 {
            let sum = Int(powers[place]) + Int(other.powers[place]) * exponent
            guard abs(sum) <= Self.exponentLimit else { return nil }
            result.powers[place] = Int8(sum)
        }
        for power in other.rare {
            let change = Int(power.exponent) * exponent
            if let index = result.rare.firstIndex(where: { $0.unit == power.unit }) {
                let sum = Int(result.rare[index].exponent) + change
                guard abs(sum) <= Self.exponentLimit else { return nil }
                if sum == 0 { result.rare.remove(at: index) } else { result.rare[index].exponent = Int8(sum) }
            } else if change != 0 {
                guard abs(change) <= Self.exponentLimit, result.rare.count < 16 else { return nil }
                let index = result.rare.firstIndex { $0.unit > power.unit } ?? result.rare.endIndex
                result.rare.insert(RarePower(unit: power.unit, exponent: Int8(change)), at: index)
            }
        }
        return result
    }

    /// The exponent of a base unit with a fixed place.
    func exponent(at place: Int) -> Int { Int(powers[place]) }

    /// The same without the base unit at a place.
    func without(_ place: Int) -> Dimension {
        var result = self
        result.powers[place] = 0
        return result
    }
}

extension Dimension: CustomStringConvertible {
    /// The base units in their fixed order, in UCUM notation: `m-3.g`; `1` for plain numbers.
    var description: String {
        guard !isOne else { return "1" }
        var text = ""
        func append(_ name: String, _ exponent: Int8) {
            if !text.isEmpty { text += "." }
            text += name
            if exponent != 1 { text += String(exponent) }
        }
        for place in Self.baseNames.indices where powers[place] != 0 { append(Self.baseNames[place], powers[place]) }
        for power in rare { append(RareUnits.names[Int(power.unit)], power.exponent) }
        return text
    }
}
