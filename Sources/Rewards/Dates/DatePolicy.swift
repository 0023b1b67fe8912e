import Primitives

/// How dates are read and when two are equal.
public struct DatePolicy: Sendable, Hashable {
    enum DayMonth: String, Sendable, CaseIterable {
        case refuseAmbiguous = "refuse_ambiguous"
        case monthFirst = "month_first"
        case dayFirst = "day_first"
    }

    enum TwoDigitYears: String, Sendable, CaseIterable {
        case refuse, sliding
    }

    enum TimeZone: String, Sendable, CaseIterable {
        /// Times with an offset are converted to UTC; a time without one is a local time and equal only to such.
        case utc
        /// Offsets are read and dropped.
        case ignore
    }

    enum Formats: String, Sendable, CaseIterable {
        case any
        /// ISO 8601 and nothing else, with centuries and `198504` for April 1985.
        case iso8601
    }

    /// What `10/09/2003` means, where both readings are dates.
    var dayMonth: DayMonth
    /// Whether a prediction without the gold's day or time is right.
    var lessPrecise: Bool
    /// Whether a prediction with more than the gold's precision is right.
    var morePrecise: Bool
    var twoDigitYears: TwoDigitYears
    /// The year around which two-digit years lie, from 50 before to 49 after it.
    var currentYear: Int
    /// Whether a month, year, week or century stands for its first day.
    var firstInstant: Bool
    var timeZone: TimeZone
    var formats: Formats
    /// Digits of a second's fraction that count; later digits are cut.
    var fractionDigits: Int?

    public init(_ fields: inout PolicyFields) throws(RewardError) {
        dayMonth = try fields.choice("day_month", default: .monthFirst)
        lessPrecise = try fields.bool("less_precise")
        morePrecise = try fields.bool("more_precise")
        twoDigitYears = try fields.choice("two_digit_years", default: .sliding)
        currentYear = try fields.integer("current_year", in: 100...9999) ?? 2024
        firstInstant = try fields.bool("first_instant")
        timeZone = try fields.choice("time_zone", default: .utc)
        formats = try fields.choice("date_formats", default: .any)
        fractionDigits = try fields.integer("fraction_digits", in: 0...18)
    }

    init() {
        dayMonth = .monthFirst
        lessPrecise = false
        morePrecise = false
        twoDigitYears = .sliding
        currentYear = 2024
        firstInstant = false
        timeZone = .utc
        formats = .any
        fractionDigits = nil
    }

    /// The year that two digits mean, within 50 years of ``currentYear``.
    func year(twoDigits: Int) -> Int {
        let year = currentYear - currentYear % 100 + twoDigits
        if year >= currentYear + 50 { return year - 100 }
        if year < currentYear - 50 { return year + 100 }
        return year
    }
}
