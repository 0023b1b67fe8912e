#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A day as chat templates print it.
struct CalendarDay: Sendable, Hashable {
    var year: Int
    var month: Int
    var day: Int

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `2026-01-15`; `nil` when the text is no day.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2] else { return nil }
        let numbers = parts.map { part in
            part.allSatisfy { (0x30...0x39).contains($0) } ? Int(String(decoding: part, as: UTF8.self)) : nil
        }
        guard let year = numbers[0], let month = numbers[1], let day = numbers[2], (1...12).contains(month) else {
            return nil
        }
        self.init(year: year, month: month, day: day)
        guard (1...dayCount).contains(day) else { return nil }
    }

    private init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of the call, where the computer is.
    static var today: CalendarDay {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return CalendarDay(year: Int(local.tm_year) + 1900, month: Int(local.tm_mon) + 1, day: Int(local.tm_mday))
    }

    private var dayCount: Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// `%d %b %Y` of `strftime` in English: `15 Jan 2026`.
    var shortText: String { "\(day < 10 ? "0" : "")\(day) \(Self.months[month - 1]) \(year)" }
}
