/// The words of written dates.
enum DateWord: Equatable {
    case month(Int)
    /// 1 for Monday to 7 for Sunday.
    case weekday(Int)
    case beforeMidday
    case afterMidday
    case beforeChrist
    case afterChrist
    /// Minutes east of Greenwich.
    case zone(Int)
    case ordinal
    /// A unit of a clock time: seconds in it.
    case clockUnit(Int)
    /// A word that says nothing: `of`, `on`, `at`, `the`.
    case filler
    /// A word that says nothing before a date: `in`, `year`.
    case opening
    case timeMark

    /// The word of at most nine letters in capitals or small letters.
    init?(_ letters: ArraySlice<UInt8>) {
        guard letters.count <= 9 else { return nil }
        var key: UInt128 = 0
        for letter in letters { key = key << 8 | UInt128(letter | 0x20) }
        guard let word = Self.find(key) else { return nil }
        self = word
    }

    private static func key(_ word: String) -> UInt128 { word.utf8.reduce(0) { $0 << 8 | UInt128($1) } }

    private static func find(_ key: UInt128) -> DateWord? {
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < words.count && words[low].key == key ? words[low].word : nil
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// Sorted by key.
    private static let words: [(key: UInt128, word: DateWord)] = {
        var words: [(String, DateWord)] = []
        for (index, name) in months.enumerated() {
            words.append((name, .month(index + 1)))
            if name != "may" { words.append((String(name.prefix(3)), .month(index + 1))) }
        }
        words += [("sept", .month(9)), ("june", .month(6))].filter { word in !words.contains { $0.0 == word.0 } }
        for (index, name) in weekdays.enumerated() {
            words.append((name, .weekday(index + 1)))
            words.append((String(name.prefix(3)), .weekday(index + 1)))
        }
        words += [("tues", .weekday(2)), ("wednes", .weekday(3)), ("thur", .weekday(4)), ("thurs", .weekday(4))]
        words += [("am", .beforeMidday), ("pm", .afterMidday)]
        words += [("bc", .beforeChrist), ("bce", .beforeChrist), ("ad", .afterChrist), ("ce", .afterChrist)]
        // The zone names of RFC 2822, section 4.3, and the usual names of Greenwich time.
        words += [("z", .zone(0)), ("ut", .zone(0)), ("utc", .zone(0)), ("gmt", .zone(0))]
        for (index, letter) in ["e", "c", "m", "p"].enumerated() {
            words.append((letter + "st", .zone(-60 * (index + 5))))
            words.append((letter + "dt", .zone(-60 * (index + 4))))
        }
        words += ["st", "nd", "rd", "th"].map { ($0, .ordinal) }
        words += ["h", "hr", "hrs", "hour", "hours"].map { ($0, .clockUnit(3600)) }
        words += ["m", "min", "mins", "minute", "minutes"].map { ($0, .clockUnit(60)) }
        words += ["s", "sec", "secs", "second", "seconds"].map { ($0, .clockUnit(1)) }
        words += ["of", "on", "at", "the"].map { ($0, .filler) }
        words += ["in", "year"].map { ($0, .opening) }
        words.append(("t", .timeMark))
        return words.map { (key($0.0), $0.1) }.sorted { $0.key < $1.key }
    }()
}
