/// A span of time: months of the calendar, whose length varies, beside days and seconds.
struct DurationValue: Sendable, Equatable {
    var months = Rational.zero
    var days = Rational.zero
    var seconds = Rational.zero

    mutating func negate() {
        months = -months
        days = -days
        seconds = -seconds
    }

    /// `12 months 3600 seconds`, with days only where they are no fixed number of seconds.
    func text(_ policy: DurationPolicy.Days) -> String {
        switch policy {
        case .exact:
            let total = days.isZero ? seconds : seconds + days * 86_400
            return months.isZero ? "\(total) s" : total.isZero ? "\(months) mo" : "\(months) mo \(total) s"
        case .calendar: return "\(months) mo \(days) d \(seconds) s"
        }
    }
}

/// The units of durations, from the largest.
enum DurationUnit: Int, Sendable, Comparable {
    case century, decade, year, quarter, month, fortnight, week, day, hour, minute, second, millisecond, microsecond

    static func < (left: DurationUnit, right: DurationUnit) -> Bool { left.rawValue < right.rawValue }

    func add(_ amount: Rational, to value: inout DurationValue) {
        switch self {
        case .century: value.months = value.months + amount * 1200
        case .decade: value.months = value.months + amount * 120
        case .year: value.months = value.months + amount * 12
        case .quarter: value.months = value.months + amount * 3
        case .month: value.months = value.months + amount
        case .fortnight: value.days = value.days + amount * 14
        case .week: value.days = value.days + amount * 7
        case .day: value.days = value.days + amount
        case .hour: value.seconds = value.seconds + amount * 3600
        case .minute: value.seconds = value.seconds + amount * 60
        case .second: value.seconds = value.seconds + amount
        case .millisecond: value.seconds = value.seconds + amount * Self.thousandth
        case .microsecond: value.seconds = value.seconds + amount * Self.millionth
        }
    }

    private static let thousandth = Rational.powerOfTen(-3)
    private static let millionth = Rational.powerOfTen(-6)
}

extension DateCursor {
    /// Digits with an optional decimal fraction; `nil` for none and for more than 15 digits.
    mutating func amount(allowsComma: Bool) -> (value: Rational, isWhole: Bool)? {
        let run = digitRun
        guard run > 0, run <= 15, let whole = digits(run) else { return nil }
        let mark = peek()
        guard mark == UInt8(ascii: ".") || allowsComma && mark == UInt8(ascii: ","), Self.isDigit(peek(1)) else {
            return (Rational(whole), true)
        }
        position += 1
        guard let part = fraction(), part.digits <= 15 else { return nil }
        guard part.value > 0 else { return (Rational(whole), false) }
        var scale = 1
        for _ in 0..<part.digits { scale *= 10 }
        guard let decimal = Rational(part.value, scale) else { return nil }
        return (whole == 0 ? decimal : Rational(whole) + decimal, false)
    }
}
