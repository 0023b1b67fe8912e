import Primitives

/// Finds studies in ClinicalTrials.gov (API v2): `GET /studies`, page by page with `pageToken`; all parameters but
/// `pageSize`, `pageToken` and `countTotal` must stay the same from page to page. There is no filter for phases: they are
/// asked for by `filter.advanced=AREA[Phase]PHASE3`.
public struct ClinicalTrialsTool: SourceTool {
    static let lastPage = 5
    static let licence = "ClinicalTrials.gov, public domain; sponsors' own texts"
    private static let fields = [
        "NCTId", "BriefTitle", "OverallStatus", "Phase", "StudyType", "Condition", "InterventionName", "BriefSummary",
        "StartDate", "EnrollmentCount", "LastUpdatePostDate", "HasResults",
    ]

    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("condition", .text(maximumLength: 500), "The disease.", isRequired: false),
            ToolParameter("intervention", .text(maximumLength: 500), "The drug or treatment.", isRequired: false),
            ToolParameter("terms", .text(maximumLength: 500), "Any other words.", isRequired: false),
            ToolParameter("status", .choice(statuses), "Only studies in this state.", isRequired: false),
            ToolParameter("phase", .choice(phases), "Only studies of this phase.", isRequired: false),
            SourceArgument.pageParameter(ClinicalTrialsTool.lastPage),
        ]

        static let statuses = [
            "recruiting", "not_yet_recruiting", "active_not_recruiting", "completed", "terminated", "withdrawn",
            "suspended", "enrolling_by_invitation", "unknown",
        ]
        static let phases = ["early_phase1", "phase1", "phase2", "phase3", "phase4"]

        var query: [(name: String, value: String)] = []
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            for (name, parameter) in [
                ("condition", "query.cond"), ("intervention", "query.intr"), ("terms", "query.term"),
            ] {
                if let text = SourceArgument.optional(values, name) { query.append((parameter, text)) }
            }
            guard !query.isEmpty else {
                throw ToolFailure(
                    .invalidCall, "nothing to look for; expected \"condition\", \"intervention\" or \"terms\"")
            }
            if let status = values["status"]?.stringValue {
                query.append(("filter.overallStatus", status.uppercased()))
            }
            if let phase = values["phase"]?.stringValue {
                query.append(("filter.advanced", "AREA[Phase]" + phase.uppercased()))
            }
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose = "Searches ClinicalTrials.gov, the register of clinical studies."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "clinical_trials") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        var total: Int?
        let found = try await call.page(arguments.page) { (token) throws(ToolFailure) in
            var query =
                arguments.query + [
                    ("fields", Self.fields.joined(separator: "|")), ("pageSize", String(base.limit)),
                ]
            query.append(token.map { ("pageToken", $0) } ?? ("countTotal", "true"))
            let answer = try await call.json(SourceRequest(base.url + "/studies", query: query))
            guard let studies = answer["studies"]?.arrayValue else {
                throw call.malformed("a list of studies", "JSON of another shape")
            }
            total = total ?? answer["totalCount"]?.count
            return (studies, answer["nextPageToken"]?.plain)
        }
        return base.page(
            found?.page.compactMap { Self.record($0) } ?? [], total: total, page: arguments.page,
            hasMore: found?.hasMore == true && arguments.page < Self.lastPage
        ).result
    }

    /// - Parameter isWhole: whether design, eligibility and outcomes are told too.
    static func record(_ study: JSONValue, isWhole: Bool = false) -> SourceRecord? {
        guard let protocolSection = study["protocolSection"],
            let number = protocolSection.at("identificationModule", "nctId")?.plain
        else { return nil }
        let design = protocolSection["designModule"]
        let phases = design?["phases"]?.texts.filter { $0 != "NA" } ?? []
        let interventions = (protocolSection.at("armsInterventionsModule", "interventions")?.arrayValue ?? [])
            .compactMap { $0["name"]?.plain }
        var lines = [
            protocolSection.at("conditionsModule", "conditions")?.texts.joined(separator: "; ").labelled("Conditions"),
            interventions.joined(separator: "; ").labelled("Interventions"),
            protocolSection.at("descriptionModule", "briefSummary")?.plain?.labelled("Summary"),
        ]
        if isWhole { lines += details(protocolSection) }
        return SourceRecord(
            identifier: number,
            title: protocolSection.at("identificationModule", "briefTitle")?.plain ?? "",
            text: lines.compactMap(\.self).joined(separator: "\n"),
            url: "https://clinicaltrials.gov/study/\(SourceRequest.encode(number))",
            date: protocolSection.at("statusModule", "lastUpdatePostDateStruct", "date")?.plain
                ?? protocolSection.at("statusModule", "startDateStruct", "date")?.plain,
            licence: licence,
            kinds: ([design?["studyType"]?.plain].compactMap(\.self) + phases).map { $0.lowercased().spaced },
            details: [
                protocolSection.at("statusModule", "overallStatus")?.plain?.lowercased().spaced,
                design?.at("enrollmentInfo", "count")?.count.map { "\($0) participants" },
                study["hasResults"]?.boolValue == true ? "has results" : nil,
            ].compactMap(\.self))
    }

    private static func details(_ protocolSection: JSONValue) -> [String?] {
        let design = protocolSection.at("designModule", "designInfo")
        let eligibility = protocolSection["eligibilityModule"]
        func outcomes(_ key: String) -> String {
            (protocolSection.at("outcomesModule", key)?.arrayValue ?? []).compactMap { outcome in
                outcome["measure"]?.plain.map { $0 + (outcome["timeFrame"]?.plain.map { " (\($0))" } ?? "") }
            }.joined(separator: "; ")
        }
        return [
            protocolSection.at("sponsorCollaboratorsModule", "leadSponsor", "name")?.plain?.labelled("Sponsor"),
            [
                design?["allocation"]?.plain, design?["interventionModel"]?.plain,
                design?.at("maskingInfo", "masking")?.plain,
            ]
            .compactMap { $0?.lowercased().spaced }.joined(separator: ", ").labelled("Design"),
            outcomes("primaryOutcomes").labelled("Primary outcomes"),
            outcomes("secondaryOutcomes").labelled("Secondary outcomes"),
            [
                eligibility?["sex"]?.plain?.lowercased(), eligibility?["minimumAge"]?.plain,
                eligibility?["maximumAge"]?.plain,
            ]
            .compactMap(\.self).joined(separator: ", ").labelled("Sex and ages"),
            eligibility?["eligibilityCriteria"]?.plain?.labelled("Eligibility"),
            protocolSection.at("statusModule", "whyStopped")?.plain?.labelled("Why it stopped"),
        ]
    }
}
