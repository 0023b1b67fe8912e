/// How quantities and ranges are read and when two of them are equal: the quantity part of an item's policy. The fields
/// of ``NumberPolicy`` about how numbers are written, and its roundings and tolerances, hold as well.
///
/// | field | values | meaning |
/// |---|---|---|
/// | `unit` | a unit | assumed where a side has a number and no unit |
/// | `unit_required` | bool, default false | a prediction without a unit is malformed |
/// | `notation` | `everyday` (default), `ucum` | ``Notation`` |
/// | `molar_mass` | grams per mole, a number above 0 | converts moles to grams; without it `mmol/L` never equals `mg/dL` |
/// | `dimensionless_percent` | bool, default false | `50 %` is the plain number 0.5, and ppm a millionth |
/// | `uncertainty` | `refuse` (default), `ignore`, `range` | ``Uncertainty`` |
/// | `range` | `refuse` (default), `mean` | ``Range``: what a range means where one quantity is asked for |
/// | `pounds` | `mass` (default), `sterling`, `by_scale` | ``Pounds`` |
/// | `words` | bool, default true | `two metres`, `a gallon`, `20 million dollars` |
/// | `significant_figures`, `decimals` | | both sides agree within half a unit of that place of the gold, in its unit |
/// | `tolerance` | number ≥ 0 | the greatest difference, in the unit in which the gold is written |
/// | `relative_tolerance` | number ≥ 0 | the greatest difference as a part of the gold |
struct QuantityPolicy: Sendable, Hashable {
    enum Notation: String, Sendable, Hashable, CaseIterable {
        /// Names and symbols as people write them, and the codes of UCUM that they leave.
        case everyday
        /// Case-sensitive codes of UCUM and nothing else.
        case ucum
    }

    /// What `7.5 ± 2.5 mg` is.
    enum Uncertainty: String, Sendable, Hashable, CaseIterable {
        /// Malformed: two numbers are not one answer.
        case refuse
        /// The value before the sign. Lenient.
        case ignore
        /// In a range answer the closed range from 5 to 10; in a quantity answer malformed.
        case range
    }

    enum Range: String, Sendable, Hashable, CaseIterable {
        case refuse
        /// `3 to 4 L` is 3.5 L. Lenient; for extraction data sets only.
        case mean
    }

    /// What the bare word `pounds` means.
    enum Pounds: String, Sendable, Hashable, CaseIterable {
        case mass, sterling
        /// Money after `million` and greater words, else a mass: how newspapers write.
        case byScale = "by_scale"
    }

    var number = NumberPolicy()
    var pounds = Pounds.mass
    var unit: UnitMeaning?
    var requiresUnit = false
    var notation = Notation.everyday
    var molarMass: Rational?
    var joinsPercent = false
    var uncertainty = Uncertainty.refuse
    var range = Range.refuse

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        number = try NumberPolicy(&fields, type: .quantity)
        number.words = try fields.bool("words", default: true)
        notation = try fields.choice("notation", default: .everyday)
        requiresUnit = try fields.bool("unit_required")
        joinsPercent = try fields.bool("dimensionless_percent")
        uncertainty = try fields.choice("uncertainty", default: .refuse)
        range = try fields.choice("range", default: .refuse)
        pounds = try fields.choice("pounds", default: .mass)
        molarMass = try fields.rational("molar_mass")
        if let molarMass, molarMass.signum <= 0 {
            throw .invalidPolicy(field: "molar_mass", found: molarMass.description, expected: "a number above 0")
        }
        if let text = try fields.string("unit") {
            var work = Work()
            let bytes = Array(text.utf8)
            do {
                unit = try meaning(of: bytes, 0..<bytes.count, &work)
            } catch {
                throw .invalidPolicy(field: "unit", found: text, expected: "a unit (\(error))")
            }
        }
    }

    /// Whether equality is not exact, so that canonical values must keep what a comparison needs.
    var isApproximate: Bool {
        number.rounding != nil || number.tolerance != nil || number.relativeTolerance != nil
    }

    /// The unit that `bytes[range]` is in the policy's notation.
    func meaning(
        of bytes: [UInt8], _ range: Swift.Range<Int>, _ work: inout Work
    ) throws(AnswerProblem) -> UnitMeaning {
        switch notation {
        case .everyday: return try UnitReader.read(bytes, range, work: &work)
        case .ucum:
            try work.spend(range.count)
            var parser = UCUMParser(Array(bytes[range]))
            guard let meaning = try parser.parse().meaning else {
                throw .overBudget("the unit's factor or exponent is too large")
            }
            return meaning
        }
    }
}

/// A policy in one place, shared by the scanners of an answer instead of being copied into each.
final class QuantityRules: Sendable {
    let policy: QuantityPolicy

    init(_ policy: QuantityPolicy) { self.policy = policy }
}
