import Foundation

/// Numbers as text, the same on every machine and in every locale.
enum NumberText {
    /// Six significant digits as C's `%.6g` writes them.
    static func significant(_ value: Double) -> String { String(format: "%.6g", value) }

    static func fixed(_ value: Double, _ digits: Int) -> String {
        let text = String(format: "%.\(digits)f", value)
        // A rounded-off negative is no news to a reader.
        return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
    }

    /// `12,345`
    static func grouped(_ value: Double) -> String {
        let digits = fixed(value.magnitude, 0)
        var text = ""
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 && text != "0" ? "-" + text : text
    }

    /// `950`, `3.2k`, `41k`, `1.5M`
    static func short(_ value: Double) -> String {
        switch value.magnitude {
        case ..<999.5: fixed(value, 0)
        case ..<9950: fixed(value / 1e3, 1) + "k"
        case ..<999_500: fixed(value / 1e3, 0) + "k"
        case ..<9_950_000: fixed(value / 1e6, 1) + "M"
        default: fixed(value / 1e6, 0) + "M"
        }
    }

    /// `0:07`, `3:20`, `1:05:00`
    static func clock(seconds: Double) -> String {
        let total = Int(min(max(0, seconds), 1e9).rounded())
        let (minutes, hours) = (total / 60 % 60, total / 3600)
        return hours > 0
            ? "\(hours):" + pad(minutes) + ":" + pad(total % 60) : "\(minutes):" + pad(total % 60)
    }

    private static func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
