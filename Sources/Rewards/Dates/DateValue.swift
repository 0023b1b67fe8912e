/// A point or a span of civil time as far as it is written.
struct DateValue: Sendable, Equatable {
    enum Day: Sendable, Equatable {
        /// `19`: the years 1900 to 1999.
        case century(Int)
        case year(Int)
        case month(Int, Int)
        case week(Int, Int)
        case day(Int, Int, Int)
        /// A day of any year: 25 September.
        case dayOfAnyYear(Int, Int)

        /// Whether a time of day says when: a month has many such times.
        var takesTime: Bool {
            switch self {
            case .day, .dayOfAnyYear: true
            case .century, .year, .month, .week: false
            }
        }
    }

    /// A clock time with fractions of a second in units of 10⁻¹⁸.
    struct Time: Sendable, Equatable {
        var hour: Int
        var minute = 0
        var second = 0
        var fraction = 0
        /// Minutes east of Greenwich; `nil` for a local time.
        var offset: Int?
    }

    static let fractionDigits = 18

    var day: Day?
    var time: Time?

    /// The first day of a span.
    mutating func takeFirstInstant() {
        switch day {
        case .century(let century): day = .day(century * 100 + 1, 1, 1)
        case .year(let year): day = .day(year, 1, 1)
        case .month(let year, let month): day = .day(year, month, 1)
        case .week(let year, let week):
            let date = CivilCalendar.date(dayNumber: CivilCalendar.firstMonday(ofWeekYear: year) + (week - 1) * 7)
            day = .day(date.year, date.month, date.day)
        case .day, .dayOfAnyYear, nil: break
        }
    }

    /// Converts an offset to UTC and 24:00 to the next day's midnight.
    mutating func normalise() {
        guard var time else { return }
        var minutes = time.hour * 60 + time.minute - (time.offset ?? 0)
        var dayShift = 0
        while minutes < 0 {
            minutes += 1440
            dayShift -= 1
        }
        while minutes >= 1440 {
            minutes -= 1440
            dayShift += 1
        }
        (time.hour, time.minute) = (minutes / 60, minutes % 60)
        if time.offset != nil { time.offset = 0 }
        self.time = time
        guard dayShift != 0, case .day(let year, let month, let day) = day else { return }
        let date = CivilCalendar.date(dayNumber: CivilCalendar.dayNumber(year, month, day) + dayShift)
        self.day = .day(date.year, date.month, date.day)
    }

    /// ISO 8601 in the extended format. A day of any year is `--09-25`, a time alone `T22:36:00`.
    var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(40)
        switch day {
        case .century(let century):
            Self.append(century, digits: 2, to: &bytes)
            bytes.append(contentsOf: "xx".utf8)
        case .year(let year): Self.append(year: year, to: &bytes)
        case .month(let year, let month):
            Self.append(year: year, to: &bytes)
            Self.append("-", month, to: &bytes)
        case .week(let year, let week):
            Self.append(year: year, to: &bytes)
            bytes.append(UInt8(ascii: "-"))
            Self.append("W", week, to: &bytes)
        case .day(let year, let month, let day):
            Self.append(year: year, to: &bytes)
            Self.append("-", month, to: &bytes)
            Self.append("-", day, to: &bytes)
        case .dayOfAnyYear(let month, let day):
            bytes.append(UInt8(ascii: "-"))
            Self.append("-", month, to: &bytes)
            Self.append("-", day, to: &bytes)
        case nil: break
        }
        if let time {
            Self.append("T", time.hour, to: &bytes)
            Self.append(":", time.minute, to: &bytes)
            Self.append(":", time.second, to: &bytes)
            if time.fraction > 0 {
                bytes.append(UInt8(ascii: "."))
                Self.append(time.fraction, digits: Self.fractionDigits, to: &bytes)
                while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
            }
            if time.offset != nil { bytes.append(UInt8(ascii: "Z")) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Four digits from 0 to 9999; else a sign and at least four.
    private static func append(year: Int, to bytes: inout [UInt8]) {
        if year < 0 { bytes.append(UInt8(ascii: "-")) } else if year > 9999 { bytes.append(UInt8(ascii: "+")) }
        append(abs(year), digits: abs(year) > 9999 ? 6 : 4, to: &bytes)
    }

    private static func append(_ mark: Unicode.Scalar, _ value: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: mark.value))
        append(value, digits: 2, to: &bytes)
    }

    private static func append(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        while rest > 0 || bytes.count - start < digits {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }
}
