#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The moment that chat templates print.
struct TemplateClock: Sendable, Hashable {
    var year: Int
    /// From 1.
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Midnight of a day in the form `2026-01-15`; `nil` when the text is no such day.
    init?(day text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { $0.allSatisfy { (0x30...0x39).contains($0) } }
        let numbers = parts.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard parts.map(\.count) == [4, 2, 2], areDigits, numbers.count == 3, numbers[0] > 0,
            (1...12).contains(numbers[1]), (1...Self.daysInMonth(numbers[1], of: numbers[0])).contains(numbers[2])
        else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// The local time of the call.
    static var now: TemplateClock {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        var clock = TemplateClock(
            year: Int(local.tm_year) + 1900, month: Int(local.tm_mon) + 1, day: Int(local.tm_mday))
        clock.hour = Int(local.tm_hour)
        clock.minute = Int(local.tm_min)
        clock.second = Int(local.tm_sec)
        return clock
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    private static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private var dayOfYear: Int { day + (1..<month).reduce(0) { $0 + Self.daysInMonth($1, of: year) } }

    /// 0 for Sunday.
    private var weekday: Int {
        let past = year - 1
        return (past * 365 + past / 4 - past / 100 + past / 400 + dayOfYear) % 7
    }

    /// `strftime` in the C locale; `nil` when the format holds a directive that is not known.
    func formatted(_ format: String) -> String? {
        var result = ""
        var rest = format.unicodeScalars[...]
        func padded(_ value: Int, _ width: Int, _ isUnpadded: Bool) -> String {
            let digits = String(value)
            return isUnpadded ? digits : String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let isUnpadded = rest.first == "-"
            if isUnpadded { rest.removeFirst() }
            switch rest.popFirst() {
            case "Y": result += String(year)
            case "y": result += padded(year % 100, 2, isUnpadded)
            case "m": result += padded(month, 2, isUnpadded)
            case "d": result += padded(day, 2, isUnpadded)
            case "H": result += padded(hour, 2, isUnpadded)
            case "I": result += padded((hour + 11) % 12 + 1, 2, isUnpadded)
            case "M": result += padded(minute, 2, isUnpadded)
            case "S": result += padded(second, 2, isUnpadded)
            case "j": result += padded(dayOfYear, 3, isUnpadded)
            case "p": result += hour < 12 ? "AM" : "PM"
            case "B": result += Self.months[month - 1]
            case "b", "h": result += Self.months[month - 1].prefix(3)
            case "A": result += Self.weekdays[weekday]
            case "a": result += Self.weekdays[weekday].prefix(3)
            case "w": result += String(weekday)
            case "F": result += formatted("%Y-%m-%d") ?? ""
            case "T": result += formatted("%H:%M:%S") ?? ""
            case "%": result += "%"
            default: return nil
            }
        }
        return result
    }
}
