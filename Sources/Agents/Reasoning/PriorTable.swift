/// How common diseases are before any finding, as a source of the user's own states it: the columns `disease` and
/// `per_100000` and, if wanted, `sex`, `age_from`, `age_to`, `setting` and `source`, separated by tabs.
///
/// A row holds where its conditions fit the patient. Of the rows of a disease that hold, the one with the most
/// conditions counts, and of equally many the first.
public struct PriorTable: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        /// A name or id of the graph.
        public var disease: String
        /// Patients with the disease among 100,000 of the population that the conditions describe.
        public var per100000: Double
        public var sex: ClinicalCase.Sex?
        /// Years, from 0; the lower bound belongs to the range and the upper does not.
        public var ages: Range<Double>?
        /// A specialty or place of care, such as `neurology` or `emergency`.
        public var setting: String?
        public var source: String

        public init(
            disease: String, per100000: Double, sex: ClinicalCase.Sex? = nil, ages: Range<Double>? = nil,
            setting: String? = nil, source: String
        ) {
            self.disease = disease
            self.per100000 = per100000
            self.sex = sex
            self.ages = ages
            self.setting = setting
            self.source = source
        }

        var conditionCount: Int { [sex != nil, ages != nil, setting != nil].count { $0 } }

        /// Whether every condition is known to hold.
        func holds(for patient: ClinicalCase) -> Bool {
            if let sex, sex != patient.sex { return false }
            if let ages {
                guard let age = patient.age, ages.contains(age) else { return false }
            }
            if let setting { return setting.lowercased() == patient.setting?.lowercased() }
            return true
        }
    }

    public var rows: [Row]

    public init(_ rows: [Row] = []) { self.rows = rows }

    public init(path: String) throws(ReasoningError) {
        try self.init(
            ReasoningTable(
                path: path, required: ["disease", "per_100000"],
                optional: ["sex", "age_from", "age_to", "setting", "source"]), source: path)
    }

    init(_ table: ReasoningTable, source: String) throws(ReasoningError) {
        rows = []
        for row in table.rows {
            guard let prevalence = try row.number("per_100000", 0...100_000) else {
                throw .malformed(
                    place: "\(row.place), column per_100000", found: "an empty field", expected: "a number")
            }
            let (from, to) = (try row.number("age_from", 0...150), try row.number("age_to", 0...150))
            guard (from ?? 0) < (to ?? 151) else {
                throw .malformed(
                    place: "\(row.place), column age_to", found: "\(to ?? 0)", expected: "more than age_from")
            }
            rows.append(
                Row(
                    disease: try row.text("disease"), per100000: prevalence, sex: try Self.sex(row),
                    ages: from == nil && to == nil ? nil : (from ?? 0)..<(to ?? 151), setting: row["setting"],
                    source: row["source"] ?? source))
        }
    }

    private static func sex(_ row: ReasoningTable.Row) throws(ReasoningError) -> ClinicalCase.Sex? {
        guard let word = row["sex"] else { return nil }
        guard let sex = ClinicalCase.Sex(rawValue: word) else {
            throw .malformed(place: "\(row.place), column sex", found: "“\(word)”", expected: "female or male")
        }
        return sex
    }
}
