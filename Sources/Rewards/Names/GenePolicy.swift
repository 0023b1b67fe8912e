/// How gene symbols are compared.
struct GenePolicy: Sendable, Hashable {
    enum Species: String, Sendable, CaseIterable {
        /// Symbols are in capitals; case carries nothing.
        case human
        /// Symbols begin with a capital; case carries nothing.
        case mouse
        /// Symbols of several species, which case tells apart: `TP53` and `Trp53`, `BRCA1` and `Brca1`.
        case any
    }

    enum Hyphens: String, Sendable, CaseIterable {
        /// `IL-6` and `IL6` differ.
        case keep
        /// A hyphen between a letter and a digit that follows carries nothing. Hyphens between digits (`KRTAP1-11`,
        /// `KRTAP11-1`) and before letters (`HLA-A`, `HOXA11-AS`) always count.
        case ignore
    }

    /// `species`
    var species = Species.human
    /// `hyphens`
    var hyphens = Hyphens.ignore
    /// `alias_table`: symbols and what they stand for, both in canonical form.
    private(set) var aliases: [String: String] = [:]

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        species = try fields.choice("species", default: .human)
        hyphens = try fields.choice("hyphens", default: .ignore)
        let reader = GeneReader(policy: self)
        for (alias, symbol) in try fields.table("alias_table") {
            aliases[try reader.tableEntry(alias)] = try reader.tableEntry(symbol)
        }
    }
}
