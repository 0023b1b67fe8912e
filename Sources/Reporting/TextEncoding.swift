import Foundation

/// Which characters a terminal can show.
public enum TextEncoding: Sendable, Hashable {
    case unicode, ascii

    /// What the locale variables say, the first that is set deciding: `LC_ALL`, `LC_CTYPE`, `LANG`.
    public static func detect(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> TextEncoding {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8") ? .unicode : .ascii
    }
}
