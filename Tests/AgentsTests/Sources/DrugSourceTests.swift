import Primitives
import Testing

@testable import Agents

@Suite struct OpenFDAToolTests {
    private static let labelSearch =
        "%28openfda.brand_name%3A%22zyloprim%22%20OR%20openfda.generic_name%3A%22zyloprim%22%20OR%20"
        + "openfda.substance_name%3A%22zyloprim%22%29"

    private static func url(_ endpoint: String, _ search: String, _ more: String = "") -> String {
        "https://api.fda.gov/drug/\(endpoint).json?search=\(search)&limit=3\(more)"
    }

    private static let label = """
        {"meta":{"disclaimer":"d","license":"https://open.fda.gov/license/","last_updated":"2025-01-01",\
        "results":{"skip":0,"limit":3,"total":4}},"results":[{"set_id":"s-1","effective_time":"20240131",\
        "indications_and_usage":["1 INDICATIONS\\nGout."],"warnings":["Stop at a rash."],"drug_interactions":["With azathioprine."],\
        "openfda":{"brand_name":["ZYLOPRIM"],"generic_name":["ALLOPURINOL"],"manufacturer_name":["Example Pharma"]}}]}
        """

    @Test func `a label is told by section`() async throws {
        let recorded = [Recorded(Self.url("label", Self.labelSearch), Self.label)]
        let source = try ReplayedSource("openfda", recorded)
        let summary = await source.run("openfda_label", ["drug": "zyloprim"])
        #expect(
            summary.content == """
                [1] ZYLOPRIM (ALLOPURINOL)
                s-1 | 2024-01-31 | Example Pharma | drug label | \
                https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=s-1
                INDICATIONS AND USAGE: 1 INDICATIONS
                Gout.

                Results 1 to 1 of 4; ask for page 2 to see more.
                """)
        #expect(summary.citations.first?.licence == "CC0 1.0 (openFDA)")
        let warnings = await source.run("openfda_label", ["drug": "\"zyloprim\\\"", "section": "warnings"])
        #expect(warnings.content.contains("WARNINGS: Stop at a rash."))
        let none = await source.run("openfda_label", ["drug": "zyloprim", "section": "overdosage"])
        #expect(none.content.contains("(this label has no such section)"))
    }

    @Test func `later pages are skipped to`() async throws {
        let source = try ReplayedSource(
            "openfda", [Recorded(Self.url("label", Self.labelSearch, "&skip=3"), Self.label)])
        let result = await source.run("openfda_label", ["drug": "zyloprim", "page": 2])
        #expect(result.content.hasPrefix("[4] ZYLOPRIM") && result.content.hasSuffix("Results 4 to 4 of 4."))
    }

    @Test(
        arguments: [
            ("{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"No matches found!\"}}", 404, nil),
            ("{\"error\":{\"code\":\"SERVER_ERROR\",\"message\":\"x\"}}", 404, .unavailable),
            ("{\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"bad search\"}}", 400, .invalidCall),
            (
                "{\"error\":{\"code\":\"API_KEY_INVALID\",\"message\":\"An invalid api_key was supplied.\"}}", 403,
                .unauthorized
            ),
            ("{\"error\":{\"code\":\"OVER_RATE_LIMIT\",\"message\":\"x\"}}", 429, .rateLimited),
            ("<html>gone</html>", 404, .malformedAnswer), ("{\"meta\":{}}", 200, .malformedAnswer),
            ("{\"results\":[", 200, .malformedAnswer),
        ] as [(String, Int, ToolFailure.Kind?)])
    func `nothing found differs from an outage`(body: String, status: Int, kind: ToolFailure.Kind?) async throws {
        let source = try ReplayedSource(
            "openfda", [Recorded(Self.url("label", Self.labelSearch), status: status, body)])
        let result = await source.run("openfda_label", ["drug": "zyloprim"])
        #expect(result.failure == kind, "\(result)")
        if kind == nil { #expect(result.content == "No result.") }
    }

    @Test func `reactions are counted, with what counts do not say`() async throws {
        let search =
            "%28patient.drug.openfda.generic_name%3A%22gout%20x%22%20OR%20patient.drug.openfda.brand_name%3A%22gout%20x%22"
            + "%20OR%20patient.drug.medicinalproduct%3A%22gout%20x%22%29%20AND%20serious%3A1"
        let body =
            "{\"meta\":{\"last_updated\":\"2025-01-02\"},\"results\":[{\"term\":\"RASH\",\"count\":12},{\"term\":\"NAUSEA\",\"count\":3}]}"
        let source = try ReplayedSource(
            "openfda", [Recorded(Self.url("event", search, "&count=patient.reaction.reactionmeddrapt.exact"), body)])
        let result = await source.run("openfda_events", ["drug": "gout x", "serious": true])
        #expect(result.content.contains("rash: 12\nnausea: 3"))
        #expect(result.content.hasPrefix("Note: Counts of reports;"))
        #expect(result.citations.map(\.date) == ["2025-01-02"])
    }

    @Test func `approvals and recalls are told`() async throws {
        func search(_ fields: [String]) -> String {
            "%28" + fields.map { "\($0)%3A%22x%22" }.joined(separator: "%20OR%20") + "%29"
        }
        let approvals = """
            {"meta":{"results":{"total":1}},"results":[{"application_number":"NDA016084","sponsor_name":"EXAMPLE",\
            "products":[{"brand_name":"ZYLOPRIM","active_ingredients":[{"name":"ALLOPURINOL","strength":"100MG"}],\
            "dosage_form":"TABLET","route":"ORAL","marketing_status":"Prescription"}],\
            "submissions":[{"submission_status":"AP","submission_status_date":"20200102"},\
            {"submission_status":"AP","submission_status_date":"19660819"},{"submission_status":"TA","submission_status_date":"19600101"}]}]}
            """
        let recalls = """
            {"meta":{"results":{"total":1}},"results":[{"recall_number":"D-1-2024","reason_for_recall":"Wrong strength",\
            "product_description":"Tablets","recalling_firm":"Example","classification":"Class II","status":"Ongoing",\
            "report_date":"20240305"}]}
            """
        let source = try ReplayedSource(
            "openfda",
            [
                Recorded(
                    Self.url(
                        "drugsfda",
                        search(["products.brand_name", "products.active_ingredients.name", "openfda.generic_name"])),
                    approvals),
                Recorded(
                    Self.url(
                        "enforcement", search(["openfda.generic_name", "openfda.brand_name", "product_description"]),
                        "&sort=report_date%3Adesc"), recalls),
            ])
        let approval = await source.run("openfda_approvals", ["drug": "x"])
        #expect(approval.content.contains("ZYLOPRIM, ALLOPURINOL 100MG, TABLET, ORAL, Prescription"))
        #expect(approval.content.contains("First approval: 1966-08-19\nLatest approved submission: 2020-01-02"))
        let recall = await source.run("openfda_recalls", ["drug": "x"])
        #expect(recall.content.contains("D-1-2024 | 2024-03-05 | Class II | Ongoing | drug recall"))
        #expect(recall.content.contains("Reason: Wrong strength"))
    }
}

@Suite struct DailyMedToolTests {
    private static let base = "https://dailymed.nlm.nih.gov/dailymed/services/v2"
    private static let number = "1a550c33-456a-4833-814e-8591aea7c688"

    private static let list = """
        {"data":[{"spl_version":21,"published_date":"May 25, 2024","title":"EXAMPLE (ALLOPURINOL) TABLET [PHARMA]",\
        "setid":"\(number)"}],"metadata":{"db_published_date":"May 29, 2024 07:40:57PM EST","elements_per_page":"1",\
        "total_elements":"3","total_pages":"3","current_page":"1","next_page":2}}
        """

    /// In the shape of an SPL document; the contents are invented.
    private static let label = """
        <?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="x.xsl" type="text/xsl"?>
        <document xmlns="urn:hl7-org:v3"><id root="r"/><title>EXAMPLE<br/>tablets</title><effectiveTime value="20240525"/>
        <author><assignedEntity><representedOrganization><name>Pharma</name></representedOrganization></assignedEntity></author>
        <component><structuredBody>
        <component><section><id root="a"/><code code="48780-1"/><subject><manufacturedProduct><name>HIDDEN</name>
        </manufacturedProduct></subject></section></component>
        <component><section><code code="34067-9"/><title>1 INDICATIONS AND USAGE</title><text><paragraph>For <content
        styleCode="bold">gout</content>.</paragraph><list><item>adults</item><item>children</item></list></text></section></component>
        <component><section><title>4 CONTRAINDICATIONS</title><text><paragraph>Severe reaction.</paragraph></text>
        <component><section><title>4.1 Inner</title><text><table><tbody><tr><td>a</td><td>b</td></tr></tbody></table></text>
        <excerpt><highlight><text><paragraph>AGAIN</paragraph></text></highlight></excerpt></section></component>
        </section></component></structuredBody></component></document>
        """

    private func source(_ recorded: [Recorded]) throws -> ReplayedSource {
        var settings = SourceSettings()
        settings.limit = 1
        return try ReplayedSource("dailymed", settings, recorded)
    }

    @Test func `labels are listed with their ids`() async throws {
        let source = try source([Recorded("\(Self.base)/spls.json?drug_name=allopurinol&page=1&pagesize=1", Self.list)])
        let result = await source.run("dailymed", ["drug": "allopurinol"])
        #expect(
            result.content == """
                [1] EXAMPLE (ALLOPURINOL) TABLET [PHARMA]
                \(Self.number) | May 25, 2024 | version 21 | drug label | \
                https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=\(Self.number)

                Results 1 to 1 of 3; ask for page 2 to see more.
                """)
    }

    @Test func `a drug without labels gives none`() async throws {
        let body = "{\"data\":[],\"metadata\":{\"total_elements\":\"0\",\"total_pages\":\"0\",\"next_page\":\"null\"}}"
        let source = try source([Recorded("\(Self.base)/spls.json?drug_name=x&page=1&pagesize=1", body)])
        #expect(await source.run("dailymed", ["drug": "x"]) == ToolResult(content: "No result."))
    }

    @Test func `a label is read by section`() async throws {
        let source = try source([Recorded("\(Self.base)/spls/\(Self.number).xml", type: "application/xml", Self.label)])
        let whole = await source.run("dailymed_label", ["set_id": .string(Self.number.uppercased())])
        #expect(
            whole.content == """
                [1] EXAMPLE tablets
                \(Self.number) | 2024-05-25 | drug label | https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=\(Self.number)
                1 INDICATIONS AND USAGE
                For gout.

                - adults

                - children

                4 CONTRAINDICATIONS
                Severe reaction.

                4.1 Inner
                a | b |
                """)
        let part = await source.run(
            "dailymed_label", ["set_id": .string(Self.number), "section": "Contraindications"])
        #expect(part.content.contains("Severe reaction.") && !part.content.contains("gout"))
        let none = await source.run("dailymed_label", ["set_id": .string(Self.number), "section": "poems"])
        #expect(none.failure == .notFound && none.content.contains("1 INDICATIONS AND USAGE; 4 CONTRAINDICATIONS"))
    }

    @Test(
        arguments: [
            (String(label.prefix(700)), 200, .malformedAnswer), ("<html><body/></html>", 200, .malformedAnswer),
            ("{}", 200, .malformedAnswer), ("none", 404, .notFound), ("", 500, .unavailable),
        ] as [(String, Int, ToolFailure.Kind)])
    func `what is no label is a failure`(body: String, status: Int, kind: ToolFailure.Kind) async throws {
        let source = try source([
            Recorded("\(Self.base)/spls/\(Self.number).xml", status: status, type: "application/xml", body)
        ])
        #expect(await source.run("dailymed_label", ["set_id": .string(Self.number)]).failure == kind)
    }

    @Test(arguments: ["", "1a550c33", "../../../../../etc/passwd/aaaaaaaaaaaa", "zzzzzzzz-456a-4833-814e-8591aea7c688"])
    func `an id that is none is the caller's fault`(number: String) async throws {
        #expect(try await source([]).run("dailymed_label", ["set_id": .string(number)]).failure == .invalidCall)
    }
}

@Suite struct RxNavToolTests {
    private static let base = "https://rxnav.nlm.nih.gov/REST"

    private static func about(_ number: String) -> [Recorded] {
        [
            Recorded(
                "\(base)/rxcui/\(number)/properties.json",
                "{\"properties\":{\"rxcui\":\"\(number)\",\"name\":\"allopurinol\",\"synonym\":\"\",\"tty\":\"IN\",\"language\":\"ENG\"}}"
            ),
            Recorded(
                "\(base)/rxcui/\(number)/related.json?tty=IN%20MIN%20PIN%20BN%20DF",
                """
                {"relatedGroup":{"rxcui":null,"termType":["BN","IN"],"conceptGroup":[{"tty":"BN","conceptProperties":[\
                {"rxcui":"2","name":"Zyloprim"},{"rxcui":"3","name":"Aloprim"}]},{"tty":"DF"},{"tty":"IN","conceptProperties":[\
                {"rxcui":"519","name":"allopurinol"}]}]}}
                """),
            Recorded(
                "\(base)/rxclass/class/byRxcui.json?rxcui=\(number)",
                """
                {"rxclassDrugInfoList":{"rxclassDrugInfo":[{"minConcept":{"rxcui":"519","name":"allopurinol","tty":"IN"},\
                "rxclassMinConceptItem":{"classId":"M04AA","className":"Preparations inhibiting uric acid production",\
                "classType":"ATC1-4"},"rela":"","relaSource":"ATC"},{"rxclassMinConceptItem":{"classId":"D006073",\
                "className":"Gout","classType":"DISEASE"},"rela":"may_treat","relaSource":"MEDRT"}]}}
                """),
        ]
    }

    @Test func `a name is told with ingredients, brands and classes`() async throws {
        let source = try ReplayedSource(
            "rxnav",
            [Recorded("\(Self.base)/rxcui.json?name=allopurinol&search=2", "{\"idGroup\":{\"rxnormId\":[\"519\"]}}")]
                + Self.about("519"))
        let result = await source.run("rxnav", ["name": "allopurinol"])
        #expect(
            result.content == """
                [1] allopurinol
                RXCUI:519 | drug vocabulary | https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=519
                Term type: IN
                Ingredients: allopurinol
                Brand names: Zyloprim; Aloprim
                ATC: M04AA Preparations inhibiting uric acid production
                May treat: Gout
                """)
    }

    @Test func `a misspelt name leads to the most similar`() async throws {
        let source = try ReplayedSource(
            "rxnav",
            [
                Recorded("\(Self.base)/rxcui.json?name=alopurinoll&search=2", "{\"idGroup\":{\"name\":null}}"),
                Recorded(
                    "\(Self.base)/approximateTerm.json?term=alopurinoll&maxEntries=5",
                    """
                    {"approximateGroup":{"inputTerm":null,"candidate":[{"rxcui":"519","score":"9.1","rank":"1","source":"GS"},\
                    {"rxcui":"519","score":"9.1","rank":"1","name":"allopurinol","source":"RXNORM"},\
                    {"rxcui":"7","score":"5","rank":"2","name":"oxipurinol","source":"RXNORM"}]}}
                    """),
            ] + Self.about("519"))
        let result = await source.run("rxnav", ["name": "alopurinoll"])
        #expect(
            result.content.hasPrefix(
                "Note: RxNorm has no drug of exactly this name; the most similar: allopurinol; oxipurinol.\n\n[1] allopurinol"
            ))
    }

    @Test func `nothing similar is no result`() async throws {
        let source = try ReplayedSource(
            "rxnav",
            [
                Recorded("\(Self.base)/rxcui.json?name=zzz&search=2", "{\"idGroup\":{}}"),
                Recorded(
                    "\(Self.base)/approximateTerm.json?term=zzz&maxEntries=5",
                    "{\"approximateGroup\":{\"inputTerm\":null}}"),
            ])
        #expect(await source.run("rxnav", ["name": "zzz"]) == ToolResult(content: "No result."))
    }

    @Test(
        arguments: ["{}", "[]", "<html>", "{\"idGroup\":{\"rxnormId\":[\"../x\"]}}", "{\"idGroup\":"])
    func `bad answers are failures`(body: String) async throws {
        let source = try ReplayedSource("rxnav", [Recorded("\(Self.base)/rxcui.json?name=a&search=2", body)])
        #expect(await source.run("rxnav", ["name": "a"]).failure == .malformedAnswer)
    }
}
