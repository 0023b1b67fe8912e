/// Reads ISO 8601 durations: `P3Y6M4DT12H30M5S`, `P2W`, `-PT1.5H` and the alternative `P0018-09-04T11:09:08`.
enum ISODurationScanner {
    /// `nil` where the text is not such a duration as a whole. Only the last number may have a fraction.
    static func read(_ bytes: [UInt8]) -> DurationValue? {
        var cursor = DateCursor(bytes)
        let isNegative = cursor.skip("-")
        if !isNegative { _ = cursor.skip("+") }
        guard cursor.skip("P") else { return nil }
        guard var value = designated(cursor) ?? alternative(cursor) else { return nil }
        if isNegative { value.negate() }
        return value
    }

    private static func designated(_ start: DateCursor) -> DurationValue? {
        var cursor = start
        var value = DurationValue()
        var last: DurationUnit?
        var (isTime, isOpen, isComplete) = (false, true, false)
        while !cursor.isAtEnd {
            if cursor.skip("T") {
                guard !isTime else { return nil }
                (isTime, isComplete) = (true, false)
                continue
            }
            guard isOpen, let amount = cursor.amount(allowsComma: true), let unit = unit(cursor.peek(), isTime: isTime),
                last.map({ $0 < unit }) ?? true
            else { return nil }
            cursor.position += 1
            (last, isOpen, isComplete) = (unit, amount.isWhole, true)
            unit.add(amount.value, to: &value)
        }
        return isComplete ? value : nil
    }

    private static func unit(_ letter: UInt8, isTime: Bool) -> DurationUnit? {
        switch (letter, isTime) {
        case (UInt8(ascii: "Y"), false): .year
        case (UInt8(ascii: "M"), false): .month
        case (UInt8(ascii: "W"), false): .week
        case (UInt8(ascii: "D"), false): .day
        case (UInt8(ascii: "H"), true): .hour
        case (UInt8(ascii: "M"), true): .minute
        case (UInt8(ascii: "S"), true): .second
        default: nil
        }
    }

    /// Years, months, days and a time of day, in the extended or the basic format, or years and days: `P0003-161`.
    private static func alternative(_ start: DateCursor) -> DurationValue? {
        var cursor = start
        var value = DurationValue()
        guard cursor.digitRun == 4 || cursor.digitRun == 8 || cursor.digitRun == 7, let years = cursor.digits(4) else {
            return nil
        }
        let isExtended = cursor.skip("-")
        DurationUnit.year.add(Rational(years), to: &value)
        if cursor.digitRun == 3 {
            guard let days = cursor.digits(3), days <= 366 else { return nil }
            DurationUnit.day.add(Rational(days), to: &value)
        } else {
            guard let months = cursor.digits(2), months <= 12, !isExtended || cursor.skip("-"),
                let days = cursor.digits(2), days <= 31
            else { return nil }
            DurationUnit.month.add(Rational(months), to: &value)
            DurationUnit.day.add(Rational(days), to: &value)
        }
        if cursor.isAtEnd { return value }
        guard cursor.skip("T"), let seconds = clock(&cursor, isExtended: isExtended), cursor.isAtEnd else { return nil }
        value.seconds = seconds
        return value
    }

    private static func clock(_ cursor: inout DateCursor, isExtended: Bool) -> Rational? {
        guard let hours = cursor.digits(2), hours <= 24, !isExtended || cursor.skip(":"),
            let minutes = cursor.digits(2),
            minutes <= 60
        else { return nil }
        let whole = Rational(hours * 3600 + minutes * 60)
        guard isExtended ? cursor.skip(":") : !cursor.isAtEnd else { return whole }
        let run = isExtended ? 2 : cursor.digitRun
        guard run == 2, cursor.digitRun == 2, let seconds = cursor.amount(allowsComma: true) else { return nil }
        return seconds.value <= 60 ? whole + seconds.value : nil
    }
}
