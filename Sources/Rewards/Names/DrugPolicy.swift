/// How names of drugs are compared.
struct DrugPolicy: Sendable, Hashable {
    enum Salts: String, Sendable, CaseIterable {
        /// `metformin hydrochloride` and `metformin` differ.
        case keep
        /// Trailing words for salts, esters of simple acids and hydrates are dropped where a base is left.
        case strip
    }

    enum Dose: String, Sendable, CaseIterable {
        /// A strength beside the name makes the text no name of a drug.
        case refuse
        /// Strengths and the words tablet and capsule are dropped.
        case ignore
    }

    /// `salts`
    var salts = Salts.keep
    /// `synonyms`: national names are their INN, `acetaminophen` is `paracetamol`.
    var readsSynonyms = true
    /// `dose`
    var dose = Dose.refuse
    /// `brands`: canonical names of brands and what they contain.
    private(set) var brands: [String: [String]] = [:]

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        salts = try fields.choice("salts", default: .keep)
        readsSynonyms = try fields.bool("synonyms", default: true)
        dose = try fields.choice("dose", default: .refuse)
        let reader = DrugReader(policy: self)
        for (brand, content) in try fields.table("brands") {
            let names = try reader.tableEntry(brand)
            guard names.count == 1, let name = names.first else {
                throw .invalidPolicy(field: "brands", found: brand, expected: "the name of one brand as key")
            }
            brands[name] = try reader.tableEntry(content)
        }
    }
}
