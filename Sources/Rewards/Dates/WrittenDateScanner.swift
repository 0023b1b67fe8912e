/// Reads dates as people and programs write them: RFC 2822, `asctime`, month names, ordinals, slashes, dots and
/// two-digit years under a policy.
///
/// Every word, number and sign must have one meaning in the date; anything else makes the text malformed.
struct WrittenDateScanner {
    /// A number of the date part.
    struct Item: Equatable {
        var value: Int
        var digits: Int
        /// Written so that it can only be a year: after an apostrophe.
        var isYear = false
        /// Written so that it can only be a day: with an ordinal suffix.
        var isDay = false
    }

    enum Era: Equatable { case before, after }

    var cursor: DateCursor
    let policy: DatePolicy
    var items: [Item] = []
    var month: Int?
    /// How many items stood before the month's name.
    var itemsBeforeMonth = 0
    var weekday: Int?
    var era: Era?
    var itemsBeforeEra = 0
    var time: DateValue.Time?
    /// A day that was read whole, as `20030925`.
    var day: DateValue.Day?
    private var usesClockUnits = false
    private var lastClockUnit = Int.max
    private var endOfClockUnit = 0
    private var hasMeridiem = false
    /// Where a clock time ended, which an offset may follow.
    private var endOfTime: Int?

    init(_ bytes: [UInt8], policy: DatePolicy) {
        cursor = DateCursor(bytes)
        self.policy = policy
        items.reserveCapacity(4)
    }

    mutating func read() throws(AnswerProblem) -> DateValue {
        while !cursor.isAtEnd {
            let byte = cursor.peek()
            if DateCursor.isDigit(byte) {
                try readNumber()
            } else if DateCursor.isLetter(byte) {
                try readWord()
            } else {
                try readSign(byte)
            }
        }
        let value = DateValue(day: try resolve(), time: time)
        if let weekday { try check(weekday, value.day) }
        if value.time != nil, let day = value.day, !day.takesTime { throw expected("a day with the time") }
        if value.day == nil, value.time == nil { throw expected("a date") }
        return value
    }

    func expected(_ what: String, at offset: Int? = nil) -> AnswerProblem {
        let offset = min(offset ?? cursor.position, cursor.bytes.count)
        let rest = String(decoding: cursor.bytes[offset...].prefix(16), as: UTF8.self)
        return .malformed("expected \(what), found \(rest.isEmpty ? "the end" : "`\(rest)`")", offset: offset)
    }

    /// Signs that may stand between the parts: commas and full stops behind words and numbers, separators between
    /// parts, an offset behind a time.
    private mutating func readSign(_ byte: UInt8) throws(AnswerProblem) {
        switch byte {
        case 0x09, 0x20: cursor.position += 1
        case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "/"):
            let last = cursor.peek(-1)
            guard isAlphanumeric(last) || byte == UInt8(ascii: ",") && (last == 0x20 || last == UInt8(ascii: ".")),
                byte != UInt8(ascii: "/") || isAlphanumeric(cursor.peek(1))
            else { throw expected("a date") }
            cursor.position += 1
        case UInt8(ascii: "'"):
            cursor.position += 1
            guard cursor.digitRun == 2, let value = cursor.digits(2) else { throw expected("two digits of a year") }
            items.append(Item(value: value, digits: 2, isYear: true))
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            if isBehindTime, time?.offset == nil, let offset = ISODateScanner.offset(&cursor) {
                time?.offset = offset
                return
            }
            if byte == UInt8(ascii: "-"), skipDashBeforeClock() { return }
            let last = cursor.peek(-1)
            guard byte == UInt8(ascii: "-"), isAlphanumeric(last) || last == UInt8(ascii: "."),
                isAlphanumeric(cursor.peek(1))
            else { throw expected("a date") }
            cursor.position += 1
        case UInt8(ascii: "("):
            try readZoneComment()
        default: throw expected("a date")
        }
    }

    /// ` - ` between a date and `10:36`.
    private mutating func skipDashBeforeClock() -> Bool {
        guard time == nil, day != nil || !items.isEmpty, cursor.peek(-1) == 0x20, cursor.peek(1) == 0x20 else {
            return false
        }
        var look = cursor
        look.position += 1
        while look.peek() == 0x20 { look.position += 1 }
        let run = look.digitRun
        guard (1...2).contains(run), look.peek(run) == UInt8(ascii: ":") else { return false }
        cursor = look
        return true
    }

    /// Whether only spaces stand between the time and here.
    private var isBehindTime: Bool {
        guard let endOfTime else { return false }
        return cursor.bytes[endOfTime..<cursor.position].allSatisfy { $0 == 0x20 }
    }

    private func isAlphanumeric(_ byte: UInt8) -> Bool { DateCursor.isDigit(byte) || DateCursor.isLetter(byte) }

    /// `(UTC)` and `(EST)` behind an offset, which say again what the offset says.
    private mutating func readZoneComment() throws(AnswerProblem) {
        let start = cursor.position
        cursor.position += 1
        let from = cursor.position
        while DateCursor.isLetter(cursor.peek()) { cursor.position += 1 }
        guard let offset = time?.offset, case .zone(let named)? = DateWord(cursor.bytes[from..<cursor.position]),
            named == offset, cursor.skip(")")
        else { throw expected("a date", at: start) }
    }

    private mutating func readWord() throws(AnswerProblem) {
        let start = cursor.position
        while DateCursor.isLetter(cursor.peek()) { cursor.position += 1 }
        let letters = cursor.bytes[start..<cursor.position]
        if isDottedMeridiem(letters) { return try takeMeridiem(letters.first.map { $0 | 0x20 } == UInt8(ascii: "p")) }
        guard let word = DateWord(letters) else { throw expected("a word of a date", at: start) }
        switch word {
        case .month(let number):
            guard month == nil else { throw expected("one month", at: start) }
            month = number
            itemsBeforeMonth = items.count
        case .weekday(let number):
            guard weekday == nil else { throw expected("one day of the week", at: start) }
            weekday = number
        case .beforeChrist, .afterChrist:
            guard era == nil else { throw expected("one era", at: start) }
            era = word == .beforeChrist ? .before : .after
            itemsBeforeEra = items.count
        case .zone(let offset):
            guard time != nil, time?.offset == nil else { throw expected("a time before the zone", at: start) }
            // `UTC+3` is three hours east.
            let further = offset == 0 ? ISODateScanner.offset(&cursor) ?? hoursEast() : nil
            time?.offset = further ?? offset
        case .beforeMidday, .afterMidday: try takeMeridiem(word == .afterMidday)
        case .filler: break
        case .opening:
            guard items.isEmpty, month == nil, time == nil, day == nil else { throw expected("a date", at: start) }
        case .timeMark:
            guard DateCursor.isDigit(cursor.peek()), start > 0 else { throw expected("a time", at: start) }
        case .ordinal, .clockUnit: throw expected("a number before the unit", at: start)
        }
    }

    /// `a.m.`, `p.m` and the like: consumes what follows the first letter.
    private mutating func isDottedMeridiem(_ letters: ArraySlice<UInt8>) -> Bool {
        guard letters.count == 1, let letter = letters.first, letter | 0x20 == 0x61 || letter | 0x20 == 0x70,
            cursor.peek() == UInt8(ascii: "."), cursor.peek(1) | 0x20 == UInt8(ascii: "m"),
            !DateCursor.isLetter(cursor.peek(2))
        else { return false }
        cursor.position += 2
        _ = cursor.skip(".")
        return true
    }

    /// `+3` behind the name of Greenwich time, in minutes.
    private mutating func hoursEast() -> Int? {
        let sign = cursor.peek()
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), DateCursor.isDigit(cursor.peek(1)),
            !DateCursor.isDigit(cursor.peek(2)), cursor.peek(2) != UInt8(ascii: ":")
        else { return nil }
        let minutes = Int(cursor.peek(1) - 0x30) * 60
        cursor.position += 2
        return sign == UInt8(ascii: "-") ? -minutes : minutes
    }

    private mutating func takeMeridiem(_ isAfternoon: Bool) throws(AnswerProblem) {
        guard let hour = time?.hour, (1...12).contains(hour) || hour == 0 && isAfternoon == false, !hasMeridiem else {
            throw expected("an hour from 1 to 12 before am or pm")
        }
        hasMeridiem = true
        endOfTime = cursor.position
        time?.hour = hour % 12 + (isAfternoon ? 12 : 0)
    }

    private func check(_ weekday: Int, _ day: DateValue.Day?) throws(AnswerProblem) {
        guard case .day(let year, let month, let day)? = day else {
            throw .malformed("expected a whole date with the day of the week")
        }
        let actual = CivilCalendar.weekday(dayNumber: CivilCalendar.dayNumber(year, month, day))
        guard actual == weekday else { throw .malformed("the day of the week is not that of the date") }
    }

    // MARK: Numbers

    private mutating func readNumber() throws(AnswerProblem) {
        let start = cursor.position
        let run = cursor.digitRun
        if try readRestOfClockUnits(run, start) { return }
        let follower = cursor.peek(run)
        let canBeTime = time == nil
        if follower == UInt8(ascii: ":"), run <= 2 { return try readClock(run) }
        if run > 4, canBeTime || run == 8 || run == 6, try readCompact(run) { return }
        guard run <= 4, let value = cursor.digits(run) else { throw expected("a number of a date", at: start) }
        if try readUnit(value, start) { return }
        items.append(Item(value: value, digits: run))
    }

    /// `10:36`, `10:36:28` or `10:36:28.5`.
    private mutating func readClock(_ run: Int) throws(AnswerProblem) {
        let start = cursor.position
        guard time == nil, let hour = cursor.digits(run) else { throw expected("one time", at: start) }
        var read = DateValue.Time(hour: hour)
        cursor.position += 1
        guard cursor.digitRun == 2, let minute = cursor.digits(2) else { throw expected("minutes", at: start) }
        read.minute = minute
        if cursor.peek() == UInt8(ascii: ":") {
            cursor.position += 1
            guard cursor.digitRun == 2, let second = cursor.digits(2) else { throw expected("seconds", at: start) }
            read.second = second
            if DateCursor.isDigit(cursor.peek(1)), cursor.skipDecimalSign() {
                guard let fraction = cursor.fraction(), read.add(fraction, ofSeconds: 1) else {
                    throw expected("at most 18 digits of a second", at: start)
                }
            }
        }
        guard read.isValid else { throw expected("a time of day", at: start) }
        (time, endOfTime) = (read, cursor.position)
    }

    /// Runs of digits: `20030925`, `950404`, `199709020908` and `19970902090807` as dates, then `122212` as a time.
    private mutating func readCompact(_ run: Int) throws(AnswerProblem) -> Bool {
        let start = cursor.position
        let hasDate = day != nil || !items.isEmpty || month != nil
        switch run {
        case 6 where hasDate, 14, 12, 8, 6: break
        default: return false
        }
        if run == 6, hasDate {
            guard time == nil, let hour = cursor.digits(2), let minute = cursor.digits(2), let second = cursor.digits(2)
            else { return false }
            let read = DateValue.Time(hour: hour, minute: minute, second: second)
            guard read.isValid else { throw expected("a time of day", at: start) }
            (time, endOfTime) = (read, cursor.position)
            return true
        }
        guard !hasDate, let first = cursor.digits(run == 6 ? 2 : 4), let month = cursor.digits(2),
            let day = cursor.digits(2)
        else { throw expected("one date", at: start) }
        let year = run == 6 ? try twoDigitYear(first) : first
        guard CivilCalendar.isDate(year, month, day) else { throw expected("a date of the calendar", at: start) }
        self.day = .day(year, month, day)
        guard run >= 12, let hour = cursor.digits(2), let minute = cursor.digits(2) else { return true }
        let read = DateValue.Time(hour: hour, minute: minute, second: run == 14 ? cursor.digits(2) ?? 0 : 0)
        guard read.isValid, time == nil else { throw expected("a time of day", at: start) }
        (time, endOfTime) = (read, cursor.position)
        return true
    }

    /// What a word behind the number makes of it: an ordinal, an hour, a unit of a clock time.
    private mutating func readUnit(_ value: Int, _ start: Int) throws(AnswerProblem) -> Bool {
        var look = cursor
        var fraction: (value: Int, digits: Int)?
        if look.peek() == UInt8(ascii: "."), DateCursor.isDigit(look.peek(1)) {
            look.position += 1
            fraction = look.fraction()
        }
        let spaces = look.position
        while look.peek() == 0x20 { look.position += 1 }
        let isAdjacent = look.position == spaces
        let from = look.position
        while DateCursor.isLetter(look.peek()) { look.position += 1 }
        guard look.position > from else { return false }
        switch DateWord(look.bytes[from..<look.position]) {
        case .ordinal? where isAdjacent && fraction == nil:
            guard Self.isSuffix(look.bytes[from..<look.position], of: value) else { throw expected("a day", at: start) }
            cursor = look
            items.append(Item(value: value, digits: 1, isDay: true))
            return true
        case .beforeMidday?, .afterMidday?:
            guard fraction == nil, time == nil else { return false }
            time = DateValue.Time(hour: value)
            return true
        case .clockUnit(let unit)?:
            guard time == nil || usesClockUnits else { return false }
            cursor = look
            try addClockUnit(value, fraction, unit, start)
            return true
        case nil where look.position - from == 1 && look.peek() == UInt8(ascii: "."):
            // `10 a.m.`
            guard fraction == nil, time == nil, look.bytes[from] | 0x20 == 0x61 || look.bytes[from] | 0x20 == 0x70,
                look.peek(1) | 0x20 == UInt8(ascii: "m")
            else { return false }
            time = DateValue.Time(hour: value)
            return true
        default: return false
        }
    }

    private mutating func addClockUnit(
        _ value: Int, _ fraction: (value: Int, digits: Int)?, _ unit: Int, _ start: Int
    ) throws(AnswerProblem) {
        guard unit < lastClockUnit, value < (unit == 3600 ? 24 : 60) else { throw expected("a time of day", at: start) }
        var read = time ?? DateValue.Time(hour: 0)
        switch unit {
        case 3600: read.hour = value
        case 60: read.minute = value
        default: read.second = value
        }
        if let fraction {
            guard read.add(fraction, ofSeconds: unit) else { throw expected("fewer digits", at: start) }
            lastClockUnit = 0
        } else {
            lastClockUnit = unit
        }
        guard read.isValid else { throw expected("a time of day", at: start) }
        (time, usesClockUnits, endOfClockUnit) = (read, true, cursor.position)
    }

    /// `36` in `10h36` and in `10 h 36`: the next smaller unit.
    private mutating func readRestOfClockUnits(_ run: Int, _ start: Int) throws(AnswerProblem) -> Bool {
        guard usesClockUnits, start == endOfClockUnit || cursor.peek(-1) == 0x20 && start == endOfClockUnit + 1,
            run <= 2,
            lastClockUnit == 3600 || lastClockUnit == 60
        else { return false }
        var look = cursor
        guard let value = look.digits(run) else { return false }
        var fraction: (value: Int, digits: Int)?
        if look.peek() == UInt8(ascii: "."), DateCursor.isDigit(look.peek(1)) {
            look.position += 1
            fraction = look.fraction()
        }
        guard look.isAtEnd || look.peek() == UInt8(ascii: ","), start == endOfClockUnit || look.isAtEnd else {
            return false
        }
        cursor = look
        try addClockUnit(value, fraction, lastClockUnit / 60, start)
        return true
    }

    private static func isSuffix(_ letters: ArraySlice<UInt8>, of value: Int) -> Bool {
        guard let first = letters.first, (1...31).contains(value) else { return false }
        let expected: Unicode.Scalar
        switch value {
        case 11...13: expected = "t"
        default:
            switch value % 10 {
            case 1: expected = "s"
            case 2: expected = "n"
            case 3: expected = "r"
            default: expected = "t"
            }
        }
        return UInt32(first | 0x20) == expected.value
    }

    func twoDigitYear(_ value: Int) throws(AnswerProblem) -> Int {
        guard policy.twoDigitYears == .sliding else {
            throw .malformed("expected a year of four digits, found \(value); the policy refuses two-digit years")
        }
        return policy.year(twoDigits: value)
    }
}
