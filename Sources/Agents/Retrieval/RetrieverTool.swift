import Foundation
import Primitives
import Retrieval

/// `medical_search`: passages of the private index, best first, with what their sources weigh, and sources that differ side
/// by side.
public struct RetrieverTool: TypedTool {
    public struct Arguments: ToolArguments {
        public var query: String
        public var limit: Int
        public var filter: RetrievalFilter

        public static let parameters: [ToolParameter] = [
            ToolParameter("query", .text(maximumLength: 500), "What to look for, in a few words."),
            ToolParameter("limit", .integer(1...10), "How many passages to return; 5 if not given.", isRequired: false),
            ToolParameter(
                "evidence_level", .choice(SourceProfile.EvidenceLevel.allCases.map(\.rawValue)),
                "Only documents of this Oxford (OCEBM) level or a better one; 1a is the best.", isRequired: false),
            ToolParameter(
                "from_year", .integer(1900...2100), "Only documents of this year or later.", isRequired: false),
            ToolParameter(
                "specialty", .text(maximumLength: 100), "Only documents of this medical field.", isRequired: false),
        ]

        public init(_ values: JSONValue) throws(ToolFailure) {
            query = values["query"]?.stringValue ?? ""
            guard query.contains(where: { $0.isLetter || $0.isNumber }) else {
                throw ToolFailure(.invalidCall, "medical_search: the query has no words; expected what to look for")
            }
            limit = values["limit"]?.doubleValue.map { Int($0) } ?? 5
            filter = RetrievalFilter(
                evidenceLevel: values["evidence_level"]?.stringValue.flatMap(
                    SourceProfile.EvidenceLevel.init(rawValue:)),
                fromYear: values["from_year"]?.doubleValue.map { Int($0) },
                specialty: values["specialty"]?.stringValue)
        }
    }

    public let name = "medical_search"
    public let purpose =
        "Searches the medical library. Returns passages with their document ids, sources and authority (0 to 1). "
        + "read_document shows a whole document."
    private let retriever: MedicalRetriever

    public init(retriever: MedicalRetriever) { self.retriever = retriever }

    public func call(_ arguments: Arguments) async -> ToolResult {
        let answer = retriever.search(arguments.query, limit: arguments.limit, filter: arguments.filter)
        guard !answer.passages.isEmpty else {
            let isFiltered = arguments.filter != RetrievalFilter()
            return ToolResult(
                content: isFiltered ? "No result with these filters; try without them." : SearchTool.emptyResult)
        }
        var blocks = answer.passages.enumerated().map { Self.block($1, number: $0 + 1) }
        blocks += answer.conflicts.map(Self.block)
        return ToolResult(
            content: blocks.joined(separator: "\n\n"), citations: answer.passages.map { Self.citation($0.document) })
    }

    private static func block(_ passage: RetrievedPassage, number: Int) -> String {
        let document = passage.document
        let profile = passage.authority.profile
        let notes =
            [
                "id \(document.id)", document.source, profile.evidenceLevel.map { "evidence \($0.rawValue)" },
                profile.date.map(\.description), "authority " + String(format: "%.2f", passage.authority.score),
            ].compactMap(\.self)
            + [profile.status].compactMap { $0 == .current ? nil : $0?.rawValue.uppercased() }
        let title = document.title.isEmpty ? document.id : document.title
        return "[\(number)] \(title) (\(notes.joined(separator: "; ")))\n\(passage.text)"
    }

    private static func block(_ conflict: SourceConflict) -> String {
        let members = conflict.members.map { member in
            "- \(member.id)" + (member.labels.isEmpty ? "" : ": " + member.labels.joined(separator: ", "))
        }
        return "Sources on \(conflict.topic) differ:\n" + members.joined(separator: "\n")
    }

    static func citation(_ document: RetrievalDocument) -> ToolCitation {
        ToolCitation(
            source: document.source ?? "library", identifier: document.id, title: document.title, url: document.url,
            licence: document.licence, date: SourceProfile(document.attributes).date?.description)
    }
}
