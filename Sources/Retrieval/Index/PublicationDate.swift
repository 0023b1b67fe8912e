/// A day, or a month or year of which the day is not known.
public struct PublicationDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int?
    public let day: Int?

    /// Reads `2021`, `2021-05` or `2021-05-31`, also with a time behind; `nil` for anything else.
    public init?(_ text: String) {
        let date = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let parts = date.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            parts[0].utf8.count == 4, let year = Int(parts[0]),
            parts.dropFirst().allSatisfy({ (1...2).contains($0.count) })
        else { return nil }
        let numbers = parts.dropFirst().compactMap { Int($0) }
        if let month = numbers.first, !(1...12).contains(month) { return nil }
        if numbers.count == 2, !(1...Self.days(inMonth: numbers[0], of: year)).contains(numbers[1]) { return nil }
        self.year = year
        month = numbers.first
        day = numbers.count == 2 ? numbers[1] : nil
    }

    public var description: String {
        ([String(repeating: "0", count: 4 - String(year).count) + String(year)]
            + [month, day].compactMap { $0 }.map { $0 < 10 ? "0\($0)" : "\($0)" }).joined(separator: "-")
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.dayNumber, left.day ?? 0, left.month ?? 0) < (right.dayNumber, right.day ?? 0, right.month ?? 0)
    }

    /// Years of 365.25 days from another date to this one; the middle of a month or year stands for it.
    public func years(since other: PublicationDate) -> Double { Double(dayNumber - other.dayNumber) / 365.25 }

    /// Days since 1 March of the year 0 of the Gregorian calendar.
    private var dayNumber: Int {
        let (month, day) = (month ?? 7, day ?? (month == nil ? 1 : 15))
        let shifted = month > 2 ? year : year - 1
        let monthIndex = month > 2 ? month - 3 : month + 9
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthIndex + 2) / 5 + day
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
