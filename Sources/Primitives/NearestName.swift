/// Finds the name that somebody probably meant, for errors about unknown names.
public enum NearestName {
    /// The first of the names at the least edit distance; `nil` where more than half of the longer name would have to
    /// change.
    public static func of(_ name: String, in names: [String]) -> String? {
        let written = Array(name)
        let best = names.map { (name: $0, distance: distance(written, Array($0))) }.min { $0.distance < $1.distance }
        guard let best, 2 * best.distance <= max(written.count, best.name.count) else { return nil }
        return best.name
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
