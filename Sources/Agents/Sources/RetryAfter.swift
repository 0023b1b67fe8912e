/// The header `Retry-After` of RFC 9110, section 10.2.3: a number of seconds, or a date (`Sun, 06 Nov 1994 08:49:37 GMT`).
enum RetryAfter {
    /// Longer waits than a day are taken for a day.
    private static let longest = 86_400.0

    /// Seconds to wait from `date` (seconds since 1970); `nil` where the header says nothing that can be read.
    static func seconds(_ header: String?, date: Double) -> Double? {
        guard let header else { return nil }
        if let seconds = Double(header), seconds.isFinite, seconds >= 0 { return min(seconds, longest) }
        return instant(header).map { min(max(0, $0 - date), longest) }
    }

    /// Seconds since 1970.
    private static func instant(_ text: String) -> Double? {
        let parts = text.split(whereSeparator: { " ,:".contains($0) })
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), (1970...9999).contains(year),
            let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        return Double(((days(year, month + 1, day) * 24 + hour) * 60 + minute) * 60 + second)
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
