import Foundation
import Primitives
import Transport

/// The sources that there are, by name.
public enum SourceCatalogue {
    public static let entries: [SourceEntry] = [
        SourceEntry(
            name: "pubmed", summary: "abstracts of the medical literature (NCBI)",
            url: "https://eutils.ncbi.nlm.nih.gov/entrez/eutils", key: .optional(variable: "NCBI_API_KEY"),
            licence: PubMedSource.licence, rate: SourceRate(perSecond: 3, burst: 3),
            rateWithKey: SourceRate(perSecond: 10, burst: 10), limit: 5, largestLimit: 50,
            tools: ["pubmed", "pubmed_article"]),
        SourceEntry(
            name: "europe_pmc", summary: "abstracts of articles and preprints (EMBL-EBI)",
            url: "https://www.ebi.ac.uk/europepmc/webservices/rest", key: .none, licence: EuropePMCTool.licence,
            rate: SourceRate(perSecond: 5, burst: 5), limit: 5, largestLimit: 100, tools: ["europe_pmc"]),
        SourceEntry(
            name: "clinical_trials", summary: "the register of clinical studies (ClinicalTrials.gov)",
            url: "https://clinicaltrials.gov/api/v2", key: .none, licence: ClinicalTrialsTool.licence,
            rate: SourceRate(perSecond: 1, burst: 3), limit: 5, largestLimit: 100,
            tools: ["clinical_trials", "clinical_trial"]),
        SourceEntry(
            name: "openfda", summary: "labels, reported reactions, approvals and recalls of drugs (FDA)",
            url: "https://api.fda.gov", key: .optional(variable: "OPENFDA_API_KEY"), licence: OpenFDASource.licence,
            rate: SourceRate(perSecond: 4, burst: 4, perDay: 1000),
            rateWithKey: SourceRate(perSecond: 4, burst: 4, perDay: 120_000), limit: 3, largestLimit: 100,
            tools: ["openfda_label", "openfda_events", "openfda_approvals", "openfda_recalls"]),
        SourceEntry(
            name: "dailymed", summary: "current labels of drugs (NLM)",
            url: "https://dailymed.nlm.nih.gov/dailymed/services/v2", key: .none, licence: DailyMedTool.licence,
            rate: SourceRate(perSecond: 2, burst: 4), limit: 10, largestLimit: 100,
            tools: ["dailymed", "dailymed_label"]),
        SourceEntry(
            name: "rxnav", summary: "names, ingredients and classes of drugs (RxNorm, RxClass)",
            url: "https://rxnav.nlm.nih.gov/REST", key: .none, licence: RxNavTool.licence,
            rate: SourceRate(perSecond: 15, burst: 15), limit: 1, largestLimit: 1, tools: ["rxnav"]),
        SourceEntry(
            name: "searxng", summary: "web search through a SearXNG server of your own", url: nil, key: .none,
            licence: web, rate: SourceRate(perSecond: 2, burst: 4), limit: 10, largestLimit: 50, tools: ["web_search"]),
        SourceEntry(
            name: "serper", summary: "web search, Google's results, paid", url: "https://google.serper.dev",
            key: .required(variable: "SERPER_API_KEY"), licence: web, rate: SourceRate(perSecond: 20, burst: 20),
            limit: 10, largestLimit: 100, tools: ["web_search"]),
        SourceEntry(
            name: "tavily", summary: "web search made for models, paid", url: "https://api.tavily.com",
            key: .required(variable: "TAVILY_API_KEY"), licence: web, rate: SourceRate(perSecond: 1.5, burst: 10),
            limit: 10, largestLimit: 20, tools: ["web_search"]),
        SourceEntry(
            name: "brave", summary: "web search with an index of its own, paid",
            url: "https://api.search.brave.com/res/v1", key: .required(variable: "BRAVE_API_KEY"), licence: web,
            rate: SourceRate(perSecond: 20, burst: 20), limit: 10, largestLimit: 20, tools: ["web_search"]),
        SourceEntry(
            name: "read_page", summary: "the text of any public web page", url: nil, key: .none, licence: web,
            rate: SourceRate(perSecond: 10, burst: 20), limit: 1, largestLimit: 1, tools: ["read_page"]),
    ]

    private static let web = "each page's own terms"

    public static func entry(_ name: String) throws(SourceCatalogueError) -> SourceEntry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            let known = entries.map(\.name)
            throw .unknownSource(name: name, nearest: NearestName.of(name, in: known), known: known)
        }
        return entry
    }

    /// The tools of a source.
    /// - Parameters:
    ///   - http: for all sources but `read_page`, which has a client of its own.
    ///   - cassette: answers instead of the source, or records it; replayed, no key is needed.
    public static func make(
        _ name: String, _ settings: SourceSettings = SourceSettings(), http: HTTPClient,
        cassette: Cassette? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        time: SourceTime = .live
    ) throws(SourceCatalogueError) -> [any Tool] {
        try SourceMaker(
            entry: try entry(name), settings: settings, http: http, cassette: cassette, environment: environment,
            time: time
        ).tools()
    }
}
