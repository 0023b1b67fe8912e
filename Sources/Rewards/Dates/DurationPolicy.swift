import Primitives

/// How durations are read and when two are equal.
public struct DurationPolicy: Sendable, Hashable {
    enum Days: String, Sendable, CaseIterable {
        /// A day is 24 hours.
        case exact
        /// A day is a day of the calendar, which daylight saving makes 23 to 25 hours long.
        case calendar
    }

    enum Colons: String, Sendable, CaseIterable {
        case refuse
        /// `1:30` is an hour and a half.
        case hoursMinutes = "hours_minutes"
        /// `1:30` is a minute and a half; `1:30:00` has hours.
        case minutesSeconds = "minutes_seconds"
    }

    var days: Days
    var colons: Colons

    public init(_ fields: inout PolicyFields) throws(RewardError) {
        days = try fields.choice("days", default: .exact)
        colons = try fields.choice("colons", default: .refuse)
    }

    init() {
        days = .exact
        colons = .refuse
    }
}
