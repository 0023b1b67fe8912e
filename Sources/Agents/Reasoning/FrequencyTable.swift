/// How often diseases show findings, as a source of the user's own states it: the columns `disease`, `finding`,
/// `frequency` and, if wanted, `source`, separated by tabs. Diseases and findings are names or ids of the graph;
/// ``FindingFrequency`` says how frequencies are written.
public struct FrequencyTable: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        public var disease: String
        public var finding: String
        public var frequency: FindingFrequency
        public var source: String

        public init(disease: String, finding: String, frequency: FindingFrequency, source: String) {
            self.disease = disease
            self.finding = finding
            self.frequency = frequency
            self.source = source
        }
    }

    public var rows: [Row]

    public init(_ rows: [Row] = []) { self.rows = rows }

    public init(path: String) throws(ReasoningError) {
        try self.init(
            ReasoningTable(path: path, required: ["disease", "finding", "frequency"], optional: ["source"]),
            source: path)
    }

    init(_ table: ReasoningTable, source: String) throws(ReasoningError) {
        rows = []
        for row in table.rows {
            let text = try row.text("frequency")
            guard let frequency = FindingFrequency(text) else {
                throw .malformed(
                    place: "\(row.place), column frequency", found: "“\(text)”",
                    expected: "a class such as frequent or HP:0040282, 35%, 0.35 or 7/20")
            }
            rows.append(
                Row(
                    disease: try row.text("disease"), finding: try row.text("finding"), frequency: frequency,
                    source: row["source"] ?? source))
        }
    }
}
