/// How often patients with a disease show a finding.
public struct FindingFrequency: Sendable, Hashable {
    /// From 0 to 1.
    public var value: Double
    /// Whether the source says that the finding does not occur.
    public var isExcluded: Bool

    public init(_ value: Double) {
        self.value = min(1, max(0, value))
        isExcluded = false
    }

    /// The finding does not occur.
    public static let excluded: FindingFrequency = {
        var frequency = FindingFrequency(0)
        frequency.isExcluded = true
        return frequency
    }()

    /// The classes of the Human Phenotype Ontology and of Orphadata: identifier, name, and the middle of the range that
    /// the ontology gives (HP:0040279 and its children: 100 %, 80 to 99 %, 30 to 79 %, 5 to 29 %, 1 to 4 %, 0 %).
    static let classes: [(id: String, name: String, value: Double)] = [
        ("HP:0040280", "obligate", 1), ("HP:0040281", "very frequent", 0.895), ("HP:0040282", "frequent", 0.545),
        ("HP:0040283", "occasional", 0.17), ("HP:0040284", "very rare", 0.025), ("HP:0040285", "excluded", 0),
    ]

    /// Reads a class by identifier or name (`Very frequent (99-80%)`), a percentage, a share from 0 to 1, or a count
    /// `7/20`. A count is taken as (7 + ½) / (20 + 1), so that few patients prove nothing absolute.
    public init?(_ text: String) {
        let text = text.split(separator: " ").joined(separator: " ")
        if let row = Self.classes.first(where: { text.uppercased() == $0.id || Self.names(text, $0.name) }) {
            self = row.name == "excluded" ? .excluded : FindingFrequency(row.value)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard let count = Int(parts[0]), let total = Int(parts[1]), total > 0, 0...total ~= count else {
                return nil
            }
            self.init((Double(count) + 0.5) / (Double(total) + 1))
            return
        }
        if text.hasSuffix("%") {
            let digits = text.dropLast().split(separator: " ").joined()
            guard let percent = Double(digits), 0...100 ~= percent else { return nil }
            self.init(percent / 100)
            return
        }
        guard let share = Double(text), 0...1 ~= share else { return nil }
        self.init(share)
    }

    /// Whether a text is the name of a class, perhaps with its range in parentheses behind it.
    private static func names(_ text: String, _ name: String) -> Bool {
        let written = text.lowercased()
        return written == name || written.hasPrefix(name + " (")
    }
}
