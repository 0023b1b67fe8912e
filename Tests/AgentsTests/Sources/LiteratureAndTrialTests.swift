import Primitives
import Testing

@testable import Agents

@Suite struct EuropePMCToolTests {
    private static func url(_ query: String, cursor: String = "%2A", more: String = "") -> String {
        "https://www.ebi.ac.uk/europepmc/webservices/rest/search?query=\(query)&resultType=core&format=json&pageSize=2"
            + "&cursorMark=\(cursor)\(more)"
    }

    private static func page(_ results: [String], hits: Int, next: String?) -> String {
        let cursor = next.map { ",\"nextCursorMark\":\"\($0)\",\"nextPageUrl\":\"https://x\"" } ?? ""
        return "{\"version\":\"6.9\",\"hitCount\":\(hits)\(cursor),\"request\":{},\"resultList\":{\"result\":["
            + results.joined(separator: ",") + "]}}"
    }

    private static let article = """
        {"id":"111","source":"MED","pmid":"111","doi":"10.1000/ex","title":"Gout &amp; diet: a <i>review</i>.","pubYear":"2020",\
        "journalInfo":{"journal":{"title":"Journal of Examples"}},"abstractText":"<h4>Aim</h4>To eat.<h4>Result</h4>p &lt; 0.05",\
        "pubTypeList":{"pubType":["review","Journal Article"]},"license":"cc by","isOpenAccess":"Y","citedByCount":3,\
        "firstPublicationDate":"2020-05-01"}
        """
    private static let preprint = "{\"id\":\"PPR9\",\"source\":\"PPR\",\"title\":\"Early\",\"pubYear\":\"2024\"}"

    private func source(_ recorded: [Recorded]) throws -> ReplayedSource {
        var settings = SourceSettings()
        settings.limit = 2
        return try ReplayedSource("europe_pmc", settings, recorded)
    }

    @Test func `articles and preprints are told with their terms`() async throws {
        let source = try source([
            Recorded(Self.url("%28gout%29"), Self.page([Self.article, Self.preprint], hits: 5, next: "AoE="))
        ])
        let result = await source.run("europe_pmc", ["query": "gout"])
        #expect(
            result.content == """
                [1] Gout & diet: a review.
                PMID:111 | 2020-05-01 | Journal of Examples | doi:10.1000/ex | cited 3 times | review, Journal Article | \
                https://europepmc.org/article/MED/111
                # Aim
                To eat.

                # Result
                p < 0.05

                [2] Early
                PPR:PPR9 | 2024 | Preprint | https://europepmc.org/article/PPR/PPR9
                (no abstract)

                Results 1 to 2 of 5; ask for page 2 to see more.
                """)
        #expect(result.citations.map(\.licence) == ["cc by", "Europe PMC abstract, its publisher's terms"])
    }

    @Test func `pages are walked by cursor to the last one`() async throws {
        let source = try source([
            Recorded(Self.url("%28gout%29"), Self.page([Self.article, Self.article], hits: 3, next: "AoE=")),
            Recorded(Self.url("%28gout%29", cursor: "AoE%3D"), Self.page([Self.preprint], hits: 3, next: "AoE=")),
        ])
        let second = await source.run("europe_pmc", ["query": "gout", "page": 2])
        #expect(second.content.hasPrefix("[3] Early") && second.content.hasSuffix("Results 3 to 3 of 3."))
        // Behind the last page is nothing, and nothing more is asked for.
        #expect(await source.run("europe_pmc", ["query": "gout", "page": 3]).content == "No result.")
    }

    @Test func `filters and order reach Europe PMC`() async throws {
        let query = "%28gout%29%20AND%20FIRST_PDATE%3A%5B2015-01-01%20TO%202100-12-31%5D%20AND%20OPEN_ACCESS%3Ay"
        let source = try source([
            Recorded(Self.url(query, more: "&sort=CITED%20desc"), Self.page([], hits: 0, next: nil))
        ])
        let result = await source.run(
            "europe_pmc", ["query": "gout", "from_year": 2015, "open_access": true, "sort": "most_cited"])
        #expect(result == ToolResult(content: "No result."))
    }

    @Test(
        arguments: [
            ("{\"errCode\":404,\"errMsg\":\"Bad query.\"}", 200, .invalidCall),
            ("{\"errMsg\":\"Bad\"}", 400, .invalidCall),
            ("{}", 200, .malformedAnswer), ("<html>", 200, .malformedAnswer),
            ("{\"hitCount\":1,\"resultList\":", 200, .malformedAnswer),
        ] as [(String, Int, ToolFailure.Kind)])
    func `bad answers are failures`(body: String, status: Int, kind: ToolFailure.Kind) async throws {
        let source = try source([Recorded(Self.url("%28gout%29"), status: status, body)])
        #expect(await source.run("europe_pmc", ["query": "gout"]).failure == kind)
    }
}

@Suite struct ClinicalTrialsToolTests {
    private static let fields =
        "NCTId%7CBriefTitle%7COverallStatus%7CPhase%7CStudyType%7CCondition%7CInterventionName"
        + "%7CBriefSummary%7CStartDate%7CEnrollmentCount%7CLastUpdatePostDate%7CHasResults"

    private static func url(_ query: String, _ last: String) -> String {
        "https://clinicaltrials.gov/api/v2/studies?\(query)&fields=\(fields)&pageSize=1&\(last)"
    }

    private static let study = """
        {"protocolSection":{"identificationModule":{"nctId":"NCT00000001","briefTitle":"Allopurinol in gout"},\
        "statusModule":{"overallStatus":"ACTIVE_NOT_RECRUITING","startDateStruct":{"date":"2020-01"},\
        "lastUpdatePostDateStruct":{"date":"2023-02-03","type":"ACTUAL"}},\
        "sponsorCollaboratorsModule":{"leadSponsor":{"name":"Example University","class":"OTHER"}},\
        "descriptionModule":{"briefSummary":"We compare\\n\\ndoses."},"conditionsModule":{"conditions":["Gout","Hyperuricemia"]},\
        "designModule":{"studyType":"INTERVENTIONAL","phases":["PHASE2","PHASE3"],"enrollmentInfo":{"count":120,"type":"ACTUAL"},\
        "designInfo":{"allocation":"RANDOMIZED","interventionModel":"PARALLEL","maskingInfo":{"masking":"DOUBLE"}}},\
        "armsInterventionsModule":{"interventions":[{"type":"DRUG","name":"Allopurinol"}]},\
        "outcomesModule":{"primaryOutcomes":[{"measure":"Flares","timeFrame":"6 months"}]},\
        "eligibilityModule":{"eligibilityCriteria":"Inclusion:\\n* adults","sex":"ALL","minimumAge":"18 Years"}},"hasResults":true}
        """

    private func source(_ recorded: [Recorded]) throws -> ReplayedSource {
        var settings = SourceSettings()
        settings.limit = 1
        return try ReplayedSource("clinical_trials", settings, recorded)
    }

    @Test func `studies are told page by page`() async throws {
        let source = try source([
            Recorded(
                Self.url("query.cond=gout&query.intr=allopurinol", "countTotal=true"),
                "{\"totalCount\":2,\"studies\":[\(Self.study)],\"nextPageToken\":\"NF0g5JCE\"}"),
            Recorded(
                Self.url("query.cond=gout&query.intr=allopurinol", "pageToken=NF0g5JCE"),
                "{\"studies\":[\(Self.study.replacing("NCT00000001", with: "NCT00000002"))]}"),
        ])
        let first = await source.run("clinical_trials", ["condition": "gout", "intervention": "allopurinol"])
        #expect(
            first.content == """
                [1] Allopurinol in gout
                NCT00000001 | 2023-02-03 | active not recruiting | 120 participants | has results | \
                interventional, phase2, phase3 | https://clinicaltrials.gov/study/NCT00000001
                Conditions: Gout; Hyperuricemia
                Interventions: Allopurinol
                Summary: We compare

                doses.

                Results 1 to 1 of 2; ask for page 2 to see more.
                """)
        let second = await source.run(
            "clinical_trials", ["condition": "gout", "intervention": "allopurinol", "page": 2])
        #expect(second.citations.map(\.identifier) == ["NCT00000002"])
        #expect(second.content.hasSuffix("Results 2 to 2 of 2."))
        let third = await source.run(
            "clinical_trials", ["condition": "gout", "intervention": "allopurinol", "page": 3])
        #expect(third.content == "No result.")
    }

    @Test func `status and phase become filters`() async throws {
        let query = "query.term=statin&filter.overallStatus=RECRUITING&filter.advanced=AREA%5BPhase%5DPHASE3"
        let source = try source([Recorded(Self.url(query, "countTotal=true"), "{\"totalCount\":0,\"studies\":[]}")])
        let result = await source.run(
            "clinical_trials", ["terms": "statin", "status": "recruiting", "phase": "phase3"])
        #expect(result == ToolResult(content: "No result."))
    }

    @Test func `one study is told whole`() async throws {
        let url = "https://clinicaltrials.gov/api/v2/studies/NCT00000001?format=json"
        let result = try await source([Recorded(url, Self.study)]).run("clinical_trial", ["nct_id": "nct00000001"])
        for text in [
            "Sponsor: Example University", "Design: randomized, parallel, double",
            "Primary outcomes: Flares (6 months)",
            "Sex and ages: all, 18 Years", "Eligibility: Inclusion:\n* adults",
        ] { #expect(result.content.contains(text), "\(result.content)") }
    }

    @Test(
        arguments: [
            ("NCT number NCT09999999 not found", 404, "text/plain", .notFound),
            ("{}", 200, "application/json", .malformedAnswer),
            ("<html></html>", 200, "text/html", .malformedAnswer),
            ("<html>busy</html>", 503, "text/html", .unavailable),
        ] as [(String, Int, String, ToolFailure.Kind)])
    func `a study that is not there differs from one that cannot be read`(
        body: String, status: Int, type: String, kind: ToolFailure.Kind
    ) async throws {
        let url = "https://clinicaltrials.gov/api/v2/studies/NCT09999999?format=json"
        let source = try source([Recorded(url, status: status, type: type, body)])
        #expect(await source.run("clinical_trial", ["nct_id": "NCT09999999"]).failure == kind)
    }

    @Test(
        arguments: [
            ("clinical_trials", [:]), ("clinical_trials", ["status": "recruiting"]),
            ("clinical_trials", ["condition": "a", "phase": "phase9"]), ("clinical_trial", ["nct_id": "NCT1"]),
            ("clinical_trial", ["nct_id": "NCT0000000/"]),
        ] as [(String, JSONValue)])
    func `bad arguments are the caller's fault`(tool: String, arguments: JSONValue) async throws {
        #expect(try await source([]).run(tool, arguments).failure == .invalidCall)
    }

    @Test func `a bad filter is told in the register's words`() async throws {
        let source = try source([
            Recorded(
                Self.url("query.cond=gout", "countTotal=true"), status: 400, type: "text/plain",
                "Unexpected character `x` at position 3.")
        ])
        let result = await source.run("clinical_trials", ["condition": "gout"])
        #expect(result.failure == .invalidCall && result.content.contains("Unexpected character"))
    }
}
