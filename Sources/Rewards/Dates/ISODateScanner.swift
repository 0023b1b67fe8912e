/// Reads ISO 8601 dates and times: calendar, ordinal and week dates, basic and extended, with expanded years, decimal
/// fractions of the last time component and offsets.
struct ISODateScanner {
    private var cursor: DateCursor
    /// Whether `19` is a century and `198504` a month.
    private let isAlone: Bool

    /// `nil` where the text is not in ISO 8601 as a whole.
    static func read(_ bytes: [UInt8], isAlone: Bool) -> DateValue? {
        var scanner = ISODateScanner(cursor: DateCursor(bytes), isAlone: isAlone)
        guard let value = scanner.value(), scanner.cursor.isAtEnd else { return nil }
        return value
    }

    /// A time of day at a place of a text, with its offset.
    static func time(_ cursor: inout DateCursor) -> DateValue.Time? {
        var scanner = ISODateScanner(cursor: cursor, isAlone: false)
        guard let time = scanner.time() else { return nil }
        cursor = scanner.cursor
        return time
    }

    private mutating func value() -> DateValue? {
        if cursor.peek() == UInt8(ascii: "T") {
            cursor.position += 1
            return time().map { DateValue(day: nil, time: $0) }
        }
        guard let day = day() else { return nil }
        if cursor.isAtEnd { return DateValue(day: day, time: nil) }
        guard day.takesTime else { return nil }
        let mark = cursor.peek()
        guard mark | 0x20 == UInt8(ascii: "t") || mark == 0x20, DateCursor.isDigit(cursor.peek(1)) else { return nil }
        cursor.position += 1
        guard let time = time() else { return nil }
        return DateValue(day: day, time: time)
    }

    /// `--03-05`: a day of any year.
    private mutating func dayOfAnyYear() -> DateValue.Day? {
        guard cursor.skip("-"), cursor.skip("-"), let month = cursor.digits(2), cursor.skip("-"),
            let day = cursor.digits(2), CivilCalendar.isDate(2000, month, day)
        else { return nil }
        return .dayOfAnyYear(month, day)
    }

    private mutating func day() -> DateValue.Day? {
        if cursor.peek() == UInt8(ascii: "-"), cursor.peek(1) == UInt8(ascii: "-") { return dayOfAnyYear() }
        var (sign, yearDigits) = (1, 4)
        if cursor.peek() == UInt8(ascii: "+") || cursor.peek() == UInt8(ascii: "-") {
            sign = cursor.peek() == UInt8(ascii: "-") ? -1 : 1
            cursor.position += 1
            let run = cursor.digitRun
            yearDigits = run == 4 ? 4 : 6
            if run == 4, isAlone, cursor.position + run == cursor.bytes.count {
                return cursor.digits(4).map { .century(sign * $0) }
            }
        }
        let run = cursor.digitRun
        if run == 2, yearDigits == 4, sign == 1, isAlone, cursor.position + run == cursor.bytes.count {
            return cursor.digits(2).map { .century($0) }
        }
        guard run >= yearDigits, let magnitude = cursor.digits(yearDigits) else { return nil }
        let year = sign * magnitude
        let isExtended = cursor.skip("-")
        if cursor.skip("W") { return week(of: year, isExtended: isExtended) }
        switch (isExtended, cursor.digitRun) {
        case (false, 0): return .year(year)
        case (false, 2) where isAlone, (true, 2):
            guard let month = cursor.digits(2), (1...12).contains(month) else { return nil }
            guard isExtended, cursor.skip("-") else { return .month(year, month) }
            guard let day = cursor.digits(2), CivilCalendar.isDate(year, month, day) else { return nil }
            return .day(year, month, day)
        case (_, 3): return cursor.digits(3).flatMap { Self.ordinal(year, $0) }
        case (false, 4):
            guard let month = cursor.digits(2), let day = cursor.digits(2), CivilCalendar.isDate(year, month, day)
            else { return nil }
            return .day(year, month, day)
        default: return nil
        }
    }

    private static func ordinal(_ year: Int, _ dayOfYear: Int) -> DateValue.Day? {
        guard dayOfYear >= 1, dayOfYear <= CivilCalendar.days(inYear: year) else { return nil }
        let date = CivilCalendar.date(dayNumber: CivilCalendar.dayNumber(year, 1, 1) + dayOfYear - 1)
        return .day(date.year, date.month, date.day)
    }

    private mutating func week(of year: Int, isExtended: Bool) -> DateValue.Day? {
        guard let week = cursor.digits(2), week >= 1, week <= CivilCalendar.weeks(inWeekYear: year) else { return nil }
        let hasDay = isExtended ? cursor.skip("-") : DateCursor.isDigit(cursor.peek())
        guard hasDay else { return .week(year, week) }
        guard let weekday = cursor.digits(1), (1...7).contains(weekday) else { return nil }
        let first = CivilCalendar.firstMonday(ofWeekYear: year)
        let date = CivilCalendar.date(dayNumber: first + (week - 1) * 7 + weekday - 1)
        return .day(date.year, date.month, date.day)
    }

    private mutating func time() -> DateValue.Time? {
        guard let hour = cursor.digits(2) else { return nil }
        var time = DateValue.Time(hour: hour)
        var unit = 3600
        let isExtended = cursor.peek() == UInt8(ascii: ":")
        if isExtended ? cursor.skip(":") : cursor.digitRun >= 2 {
            guard let minute = cursor.digits(2) else { return nil }
            (time.minute, unit) = (minute, 60)
            if isExtended ? cursor.skip(":") : cursor.digitRun >= 2 {
                guard let second = cursor.digits(2) else { return nil }
                (time.second, unit) = (second, 1)
            }
        }
        if DateCursor.isDigit(cursor.peek(1)), cursor.skipDecimalSign() {
            guard let fraction = cursor.fraction(), time.add(fraction, ofSeconds: unit) else { return nil }
        }
        guard time.isValid else { return nil }
        guard !cursor.isAtEnd else { return time }
        time.offset = Self.offset(&cursor)
        return time
    }

    /// `Z`, `+05`, `+0530`, `+05:30`, in minutes; changes nothing where there is none.
    static func offset(_ cursor: inout DateCursor) -> Int? {
        var look = cursor
        if look.skip("Z") || look.skip("z") {
            guard !DateCursor.isLetter(look.peek()) else { return nil }
            cursor = look
            return 0
        }
        let sign: Int
        if look.skip("+") { sign = 1 } else if look.skip("-") { sign = -1 } else { return nil }
        let run = look.digitRun
        var minutes = 0
        guard run == 2 || run == 4, let hours = look.digits(2), hours <= 15 else { return nil }
        if run == 4 || look.skip(":") {
            guard let value = look.digits(2), value < 60 else { return nil }
            minutes = value
        }
        guard look.digitRun == 0 else { return nil }
        cursor = look
        return sign * (hours * 60 + minutes)
    }
}

extension DateValue.Time {
    /// Hours to 24 (24:00:00 alone), minutes to 59, seconds to 60 for a leap second.
    var isValid: Bool {
        let isMidnight = hour == 24 && minute == 0 && second == 0 && fraction == 0
        return (hour < 24 || isMidnight) && minute < 60 && (second < 60 || second == 60 && minute == 59)
    }

    /// Adds a decimal fraction of an hour, a minute or a second. False where digits do not suffice.
    mutating func add(_ part: (value: Int, digits: Int), ofSeconds unit: Int) -> Bool {
        guard part.value > 0 else { return true }
        let (product, overflow) = part.value.multipliedReportingOverflow(by: unit)
        guard !overflow else { return false }
        var scale = 1
        for _ in 0..<part.digits { scale *= 10 }
        let seconds = second + product / scale
        (hour, minute, second) = (hour, minute + seconds / 60, seconds % 60)
        var rest = product % scale
        for _ in part.digits..<DateValue.fractionDigits { rest *= 10 }
        fraction = rest
        return true
    }
}
