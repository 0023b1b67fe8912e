/// A unit atom of UCUM: a code that the grammar does not take apart.
struct UCUMAtom: Sendable {
    var code: String
    /// The printed name, as display names show it.
    var name: String
    /// Whether metric prefixes may stand before it.
    var isMetric: Bool
    var meaning: UnitMeaning
}

/// A metric prefix, or a binary one for units of information.
struct UCUMPrefix: Sendable {
    var code: String
    var name: String
    var factor: Rational

    private static func metric(_ code: String, _ name: String, _ exponent: Int) -> UCUMPrefix {
        UCUMPrefix(code: code, name: name, factor: .powerOfTen(exponent))
    }

    private static func binary(_ code: String, _ name: String, _ exponent: Int) -> UCUMPrefix {
        UCUMPrefix(code: code, name: name, factor: Rational(1 << exponent))
    }

    /// All prefixes; those of two letters come first, so that `da` is not read as `d`.
    static let all: [UCUMPrefix] = [
        metric("da", "deka", 1), binary("Ki", "kibi", 10), binary("Mi", "mebi", 20), binary("Gi", "gibi", 30),
        binary("Ti", "tebi", 40),
        metric("m", "milli", -3), metric("k", "kilo", 3), metric("u", "micro", -6), metric("c", "centi", -2),
        metric("d", "deci", -1), metric("n", "nano", -9), metric("p", "pico", -12), metric("f", "femto", -15),
        metric("M", "mega", 6), metric("G", "giga", 9), metric("T", "tera", 12), metric("h", "hecto", 2),
        metric("P", "peta", 15), metric("E", "exa", 18), metric("Z", "zetta", 21), metric("Y", "yotta", 24),
        metric("R", "ronna", 27), metric("Q", "quetta", 30), metric("a", "atto", -18), metric("z", "zepto", -21),
        metric("y", "yocto", -24), metric("r", "ronto", -27), metric("q", "quecto", -30),
    ]

    private static let twoLetters: [(first: UInt8, second: UInt8, index: Int)] = all.indices.compactMap { index in
        let code = Array(all[index].code.utf8)
        return code.count == 2 ? (code[0], code[1], index) : nil
    }

    /// For each ASCII byte the index of the prefix that it is; −1 where it is none.
    private static let oneLetter: [Int8] = {
        var table = [Int8](repeating: -1, count: 128)
        for (index, prefix) in all.enumerated() where prefix.code.utf8.count == 1 {
            for byte in prefix.code.utf8 { table[Int(byte)] = Int8(index) }
        }
        return table
    }()

    /// The first result for a prefix, by its index in ``all``, that `bytes[range]` begins with and that leaves something
    /// after it.
    @inline(__always)
    static func first<Result>(
        of bytes: [UInt8], _ range: Range<Int>, where match: (_ prefix: Int, Range<Int>) -> Result?
    ) -> Result? {
        guard range.count > 1 else { return nil }
        let (first, second) = (bytes[range.lowerBound], bytes[range.lowerBound + 1])
        if range.count > 2, second == UInt8(ascii: "a") || second == UInt8(ascii: "i") {
            for code in twoLetters where code.first == first && code.second == second {
                if let result = match(code.index, range.lowerBound + 2..<range.upperBound) { return result }
            }
        }
        guard first < 0x80, oneLetter[Int(first)] >= 0 else { return nil }
        return match(Int(oneLetter[Int(first)]), range.lowerBound + 1..<range.upperBound)
    }
}

/// The atoms of UCUM (the Unified Code for Units of Measure, version 2.1, case-sensitive), by their codes.
///
/// Each is defined by a value and a unit of earlier atoms, as in the standard, and is resolved to base units once.
enum UCUMAtoms {
    static let table = ByteTable(resolved.map { (key: $0.code, value: $0) })

    private static let resolved: [UCUMAtom] = {
        var known: [String: UCUMAtom] = [:]
        var atoms: [UCUMAtom] = []
        func add(_ atom: UCUMAtom) {
            known[atom.code] = atom
            atoms.append(atom)
        }
        for (place, base) in bases.enumerated() {
            let code = Dimension.baseNames[place]
            let meaning = UnitMeaning(scale: .one, dimension: Dimension(base: place))
            add(UCUMAtom(code: code, name: base.name, isMetric: base.isMetric, meaning: meaning))
        }
        add(UCUMAtom(code: "[pi]", name: "the number pi", isMetric: false, meaning: .pi))
        for (index, row) in RareUnits.rows.enumerated() where row.isUCUM {
            let meaning = UnitMeaning(scale: .one, dimension: Dimension(rare: UInt16(index)))
            add(UCUMAtom(code: row.code, name: row.name, isMetric: row.isMetric, meaning: meaning))
        }
        for line in (derived + customary).split(separator: "\n") {
            let columns = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard columns.count == 5, let value = Rational(plainDecimal: columns[3]) else {
                preconditionFailure("a unit definition has five columns: \(line)")
            }
            var parser = UCUMParser(Array(columns[4].utf8)) { bytes, range in
                known[String(decoding: bytes[range], as: UTF8.self)]
            }
            guard let unit = (try? parser.parse())?.meaning else {
                preconditionFailure("a unit is defined by earlier ones: \(line)")
            }
            add(
                UCUMAtom(
                    code: columns[0], name: columns[1], isMetric: columns[2] == "m", meaning: unit.scaled(by: value)))
        }
        let kelvin = Dimension(base: 4)
        for (code, name, isMetric, scale, zero) in temperatures {
            add(
                UCUMAtom(
                    code: code, name: name, isMetric: isMetric,
                    meaning: UnitMeaning(scale: scale, zeroPoint: zero, dimension: kelvin)))
        }
        return atoms
    }()

    /// In the order of ``Dimension/baseNames``.
    private static let bases: [(name: String, isMetric: Bool)] = [
        ("meter", true), ("second", true), ("gram", true), ("radian", true), ("kelvin", true), ("coulomb", true),
        ("candela", true), ("mole", true), ("equivalents", true), ("osmole", true), ("bit", true), ("percent", false),
        ("international unit", true),
    ]

    /// Temperature scales: kelvins for each degree, and where they begin.
    private static let temperatures: [(String, String, Bool, Rational, UnitMeaning.ZeroPoint)] = [
        ("Cel", "degree Celsius", true, .one, .freezing),
        ("[degF]", "degree Fahrenheit", false, Rational(5, 9)!, UnitMeaning.ZeroPoint.fahrenheit),
        ("[degRe]", "degree Réaumur", false, Rational(5, 4)!, .freezing),
    ]
}
