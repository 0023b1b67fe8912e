/// The words of written durations.
enum DurationWord {
    /// The small letters of a word as one number.
    static func key(_ word: String) -> UInt128 { word.utf8.reduce(0) { $0 << 8 | UInt128($1) } }

    static func unit(_ key: UInt128) -> DurationUnit? { find(key, in: units) }
    static func number(_ key: UInt128) -> Int? { find(key, in: numbers) }

    /// Whether a full stop may follow: the word is an abbreviation.
    static func isAbbreviation(_ key: UInt128) -> Bool {
        key <= 0xFFFF_FFFF && key != Self.key("week") && key != Self.key("days")
    }

    private static func find<Value>(_ key: UInt128, in words: [(key: UInt128, value: Value)]) -> Value? {
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < words.count && words[low].key == key ? words[low].value : nil
    }

    private static let units: [(key: UInt128, value: DurationUnit)] = {
        let names: [(DurationUnit, [String])] = [
            (.century, ["century", "centuries"]),
            (.decade, ["decade", "decades"]),
            (.year, ["y", "yr", "yrs", "year", "years"]),
            (.quarter, ["quarter", "quarters"]),
            (.month, ["mo", "mos", "mth", "mths", "month", "months"]),
            (.fortnight, ["fortnight", "fortnights"]),
            (.week, ["w", "wk", "wks", "week", "weeks"]),
            (.day, ["d", "day", "days"]),
            (.hour, ["h", "hr", "hrs", "hour", "hours"]),
            (.minute, ["min", "mins", "minute", "minutes"]),
            (.second, ["s", "sec", "secs", "second", "seconds"]),
            (.millisecond, ["ms", "msec", "millisecond", "milliseconds"]),
            (.microsecond, ["us", "microsecond", "microseconds"]),
        ]
        return names.flatMap { unit, words in words.map { (key: key($0), value: unit) } }.sorted { $0.key < $1.key }
    }()

    private static let numbers: [(key: UInt128, value: Int)] = {
        let small = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        var words = small.enumerated().map { (key: key($0.element), value: $0.offset) }
        words += tens.enumerated().map { (key: key($0.element), value: ($0.offset + 2) * 10) }
        words += ["a", "an"].map { (key: key($0), value: 1) }
        return words.sorted { $0.key < $1.key }
    }()
}
