import Primitives

/// Names, ingredients, brands and classes of a drug from RxNorm and RxClass: `rxnav(name)`.
///
/// `rxcui.json?name=…&search=2` finds the concept by an exact or normalised name, `approximateTerm.json` by a similar one;
/// `rxcui/N/properties.json`, `rxcui/N/related.json?tty=…` and `rxclass/class/byRxcui.json` tell what it is.
public struct RxNavTool: SourceTool {
    static let licence = "RxNorm (U.S. National Library of Medicine), free with attribution"
    private static let candidates = 5
    private static let namesShown = 15
    /// RxNorm's term types that are told, with words for them.
    private static let related: [(type: String, label: String)] = [
        ("IN", "Ingredients"), ("MIN", "Ingredients together"), ("PIN", "Precise ingredients"), ("BN", "Brand names"),
        ("DF", "Dose forms"),
    ]
    /// The classifications that are told, in their order.
    private static let classifications: [(source: String, relation: String?, label: String)] = [
        ("ATC", nil, "ATC"), ("ATCPROD", nil, "ATC of products"), ("FDASPL", "has_epc", "Established class (FDA)"),
        ("DAILYMED", "has_epc", "Established class (FDA)"), ("FDASPL", "has_moa", "Mechanism"),
        ("DAILYMED", "has_moa", "Mechanism"), ("MEDRT", "has_moa", "Mechanism"), ("MEDRT", "may_treat", "May treat"),
        ("MEDRT", "may_prevent", "May prevent"), ("MEDRT", "ci_with", "Contraindicated with"), ("VA", nil, "VA class"),
    ]

    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("name", .text(maximumLength: 200), "A drug's brand or generic name, also misspelt.")
        ]

        var name: String

        public init(_ values: JSONValue) throws(ToolFailure) { name = try SourceArgument.required(values, "name") }
    }

    public let name: String
    public let purpose =
        "Looks a drug up in RxNorm: its normalised name, ingredients, brand names, drug classes and what it may treat."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "rxnav") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        var notes: [String] = []
        let exact = try await get("/rxcui.json", [("name", arguments.name), ("search", "2")], call)
        guard let group = exact["idGroup"] else { throw call.malformed("a concept's number", "JSON of another shape") }
        var number = group["rxnormId"]?.texts.first
        if number == nil {
            let near = try await approximate(arguments.name, call)
            guard let first = near.first else { return ToolResult(content: SourcePage.nothing) }
            number = first.number
            let names = near.map(\.name).filter { !$0.isEmpty }
            notes.append("RxNorm has no drug of exactly this name; the most similar: \(names.joined(separator: "; ")).")
        }
        guard let number, number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw call.malformed("a concept's number", "something else")
        }
        let properties = try await get("/rxcui/\(number)/properties.json", [], call)["properties"]
        let types = Self.related.map(\.type).joined(separator: " ")
        let related = try await get("/rxcui/\(number)/related.json", [("tty", types)], call)
        let classes = try await get("/rxclass/class/byRxcui.json", [("rxcui", number)], call)
        let lines =
            [
                properties?["tty"]?.plain?.labelled("Term type"),
                properties?["synonym"]?.plain?.labelled("Synonym"),
            ].compactMap(\.self) + relatedLines(related) + classLines(classes)
        let record = SourceRecord(
            identifier: "RXCUI:" + number, title: properties?["name"]?.plain ?? arguments.name,
            text: lines.joined(separator: "\n"),
            url: "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=\(number)", licence: Self.licence,
            kinds: ["drug vocabulary"])
        return base.page([record], total: nil, page: 1, hasMore: false, notes: notes).result
    }

    private func get(
        _ path: String, _ query: [(name: String, value: String)], _ call: SourceCall
    ) async throws(ToolFailure) -> JSONValue {
        try await call.json(SourceRequest(base.url + path, query: query, headers: [("Accept", "application/json")]))
    }

    /// The most similar concepts, each once; names stand with those of RxNorm's own terms alone.
    private func approximate(
        _ name: String, _ call: SourceCall
    ) async throws(ToolFailure) -> [(number: String, name: String)] {
        let answer = try await get(
            "/approximateTerm.json", [("term", name), ("maxEntries", String(Self.candidates))], call)
        guard let group = answer["approximateGroup"] else {
            throw call.malformed("similar names", "JSON of another shape")
        }
        var found: [(number: String, name: String)] = []
        for candidate in group["candidate"]?.arrayValue ?? [] {
            guard let number = candidate["rxcui"]?.plain else { continue }
            let name = candidate["name"]?.plain ?? ""
            if let place = found.firstIndex(where: { $0.number == number }) {
                if found[place].name.isEmpty { found[place].name = name }
            } else {
                found.append((number, name))
            }
        }
        return found
    }

    private func relatedLines(_ answer: JSONValue) -> [String] {
        let groups = answer.at("relatedGroup", "conceptGroup")?.arrayValue ?? []
        return Self.related.compactMap { type, label in
            let names = groups.filter { $0["tty"]?.stringValue == type }
                .flatMap { $0["conceptProperties"]?.arrayValue ?? [] }.compactMap { $0["name"]?.plain }
            return Self.list(names).labelled(label)
        }
    }

    private func classLines(_ answer: JSONValue) -> [String] {
        let rows = answer.at("rxclassDrugInfoList", "rxclassDrugInfo")?.arrayValue ?? []
        var labels: [String] = []
        for classification in Self.classifications where !labels.contains(classification.label) {
            labels.append(classification.label)
        }
        return labels.compactMap { label in
            let names = Self.classifications.filter { $0.label == label }.flatMap { wanted in
                rows.compactMap { Self.className($0, wanted.source, wanted.relation) }
            }
            return Self.list(names).labelled(label)
        }
    }

    /// The class that a row tells of, where it is of that classification and relation.
    private static func className(_ row: JSONValue, _ source: String, _ relation: String?) -> String? {
        // Capital letters differ between the sources: `has_EPC`, `has_epc`.
        guard row["relaSource"]?.stringValue?.uppercased() == source,
            relation == nil || row["rela"]?.stringValue?.lowercased() == relation,
            let name = row.at("rxclassMinConceptItem", "className")?.plain
        else { return nil }
        let code = source == "ATC" ? row.at("rxclassMinConceptItem", "classId")?.plain : nil
        return [code, name].compactMap(\.self).joined(separator: " ")
    }

    /// Each name once.
    private static func list(_ names: [String]) -> String {
        var shown: [String] = []
        for name in names where !shown.contains(name) { shown.append(name) }
        let more = shown.count > namesShown ? "; and \(shown.count - namesShown) more" : ""
        return shown.prefix(namesShown).joined(separator: "; ") + more
    }
}
