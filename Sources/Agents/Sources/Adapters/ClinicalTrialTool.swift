import Primitives

/// Brings one study by its number: `GET /studies/NCT…`.
public struct ClinicalTrialTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("nct_id", .text(maximumLength: 20), "The study's number, for example NCT01234567.")
        ]

        var number: String

        public init(_ values: JSONValue) throws(ToolFailure) {
            number = try SourceArgument.required(values, "nct_id").uppercased()
            guard number.utf8.count == 11, number.hasPrefix("NCT"),
                number.utf8.dropFirst(3).allSatisfy({ (0x30...0x39).contains($0) })
            else {
                throw ToolFailure(
                    .invalidCall, "\"\(number.prefix(20))\" is no study's number; expected NCT and 8 digits")
            }
        }
    }

    public let name: String
    public let purpose = "Returns one study of ClinicalTrials.gov with its design, outcomes and eligibility."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "clinical_trial") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        let request = SourceRequest(base.url + "/studies/" + arguments.number, query: [("format", "json")])
        guard let record = ClinicalTrialsTool.record(try await call.json(request), isWhole: true) else {
            throw call.malformed("a study", "JSON of another shape")
        }
        var page = base.page([record], total: nil, page: 1, hasMore: false)
        page.recordLimit = base.maximumCharacters
        return page.result
    }
}
