/// A bar that shows a share.
enum ProgressBar {
    /// - Parameter width: characters, at least 3.
    static func text(_ share: Double, width: Int, encoding: TextEncoding) -> String {
        let share = min(1, max(0, share))
        guard encoding == .unicode else {
            let filled = Int((share * Double(width - 2)).rounded())
            return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - 2 - filled) + "]"
        }
        let filled = Int((share * Double(width)).rounded())
        return String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
    }
}
