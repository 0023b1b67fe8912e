import Foundation

/// Resident memory of this process, in bytes; `nil` where the system does not tell.
enum ProcessMemory {
    static var now: Double? { value("VmRSS:") }
    /// The most since the start or the last ``resetPeak()``.
    static var peak: Double? { value("VmHWM:") }

    static func resetPeak() { try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) }

    private static func value(_ field: String) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        for line in status.split(separator: "\n") where line.hasPrefix(field) {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 }
        }
        return nil
    }
}
