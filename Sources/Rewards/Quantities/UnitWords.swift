/// Names of units as people and models write them, in lower case, with single spaces where hyphens may stand.
///
/// A star allows a plural `s` at its place and a plus a plural `es`. Each line gives names, a unit of UCUM or a code of
/// ``CurrencyNames``, and `p` where metric prefixes may be written before the first name (`milligram`).
enum UnitWords {
    struct Entry: Sendable {
        var meaning: UnitMeaning
        /// Whether metric prefixes may stand before it.
        var isMetric: Bool
    }

    /// Spelled names, in lower case.
    static let names: ByteTable<Entry> = {
        var entries: [(key: String, value: Entry)] = []
        for line in (scientific + customary + counting).split(separator: "\n") {
            let (keys, entry) = row(line)
            for key in keys { entries += expanded(key).map { (key: $0, value: entry) } }
        }
        for (index, thing) in RareUnits.countedThings.enumerated() {
            let meaning = UnitMeaning(
                scale: .one, dimension: Dimension(rare: UInt16(RareUnits.firstCountedThing + index)))
            for word in thing.words {
                entries += expanded(word).map { (key: $0, value: Entry(meaning: meaning, isMetric: false)) }
            }
        }
        for (index, currency) in CurrencyNames.rows.enumerated() {
            let entry = Entry(meaning: currencyMeaning(index), isMetric: false)
            for word in currency.words + [currency.code.lowercased()] {
                entries += expanded(word).map { (key: $0, value: entry) }
            }
        }
        for part in CurrencyNames.hundredths {
            guard let index = CurrencyNames.rows.firstIndex(where: { $0.code == part.code }) else { continue }
            let entry = Entry(meaning: currencyMeaning(index).scaled(by: Rational(1, 100)!), isMetric: false)
            for word in part.words { entries += expanded(word).map { (key: $0, value: entry) } }
        }
        return ByteTable(entries)
    }()

    /// Everyday symbols whose case matters. They take precedence over the codes of UCUM, so that `ft` is a foot and not
    /// a femtotonne.
    static let symbols: ByteTable<Entry> = {
        var entries: [(key: String, value: Entry)] = []
        for line in everydaySymbols.split(separator: "\n") {
            let (keys, entry) = row(line)
            entries += keys.map { (key: $0, value: entry) }
        }
        for (index, currency) in CurrencyNames.rows.enumerated() {
            let entry = Entry(meaning: currencyMeaning(index), isMetric: false)
            entries += (currency.signs + [currency.code]).map { (key: $0, value: entry) }
        }
        for part in CurrencyNames.hundredths {
            guard let index = CurrencyNames.rows.firstIndex(where: { $0.code == part.code }) else { continue }
            let entry = Entry(meaning: currencyMeaning(index).scaled(by: Rational(1, 100)!), isMetric: false)
            entries += part.signs.map { (key: $0, value: entry) }
        }
        return ByteTable(entries)
    }()

    /// Signs and codes that may stand before an amount: `$5`, `USD 5`.
    static let currencySigns: [(sign: [UInt8], meaning: UnitMeaning)] = {
        var signs: [(sign: [UInt8], meaning: UnitMeaning)] = []
        for (index, currency) in CurrencyNames.rows.enumerated() {
            for sign in currency.signs + [currency.code] {
                signs.append((sign: Array(sign.utf8), meaning: currencyMeaning(index)))
            }
        }
        return signs.sorted { $0.sign.count > $1.sign.count }
    }()

    /// Prefixes in words, longest first.
    static let prefixes: [(word: [UInt8], factor: Rational)] = {
        var prefixes = UCUMPrefix.all.map { (word: Array($0.name.utf8), factor: $0.factor) }
        prefixes.append((word: Array("deca".utf8), factor: 10))
        prefixes.append((word: Array("hect".utf8), factor: 100))
        return prefixes.sorted { $0.word.count > $1.word.count }
    }()

    /// The first letters of ``prefixes``.
    static let prefixInitials: [UInt8] = prefixes.map { $0.word[0] }

    private static func currencyMeaning(_ index: Int) -> UnitMeaning {
        UnitMeaning(scale: .one, dimension: Dimension(rare: UInt16(RareUnits.firstCurrency + index)))
    }

    private static func row(_ line: Substring) -> (keys: [String], entry: Entry) {
        let columns = line.split(separator: "|", omittingEmptySubsequences: false)
        guard columns.count >= 2 else { preconditionFailure("a line of unit names has two columns: \(line)") }
        var parser = UCUMParser(Array(columns[1].utf8))
        guard let meaning = (try? parser.parse())?.meaning else {
            preconditionFailure("a unit name stands for a unit of UCUM: \(line)")
        }
        let keys = columns[0].split(separator: ",").map(String.init)
        return (keys, Entry(meaning: meaning, isMetric: columns.count > 2))
    }

    private static func expanded(_ name: String) -> [String] {
        guard let mark = name.firstIndex(where: { $0 == "*" || $0 == "+" }) else { return [name] }
        let (before, after) = (name[..<mark], name[name.index(after: mark)...])
        return [String(before + after), String(before) + (name[mark] == "*" ? "s" : "es") + after]
    }
}
