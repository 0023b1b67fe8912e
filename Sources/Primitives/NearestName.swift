/// Finds the name that somebody probably meant, for errors about unknown names.
public enum NearestName {
    /// The first of the names at the least edit distance; `nil` only where there are none.
    public static func of(_ name: String, in names: [String]) -> String? {
        let written = Array(name)
        return names.min { distance(written, Array($0)) < distance(written, Array($1)) }
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
