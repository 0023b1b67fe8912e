import Primitives
import Testing

@testable import Agents

@Suite struct PubMedToolTests {
    private static let base = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"

    private static func search(_ term: String, more: String = "", sort: String = "relevance", start: Int = 0) -> String
    {
        "\(base)/esearch.fcgi?db=pubmed&term=\(term)&retmode=json&retmax=2&retstart=\(start)&sort=\(sort)\(more)"
    }

    private static func fetch(_ numbers: String) -> String {
        "\(base)/efetch.fcgi?db=pubmed&id=\(numbers.replacing(",", with: "%2C"))&retmode=xml"
    }

    private static func found(_ numbers: [String], of count: Int, errors: String = "") -> String {
        let list = numbers.map { "\"\($0)\"" }.joined(separator: ",")
        return """
            {"header":{"type":"esearch","version":"0.3"},"esearchresult":{"count":"\(count)","retmax":"2","retstart":"0",\
            "idlist":[\(list)],"translationset":[],"querytranslation":"x"\(errors)}}
            """
    }

    /// In the shape of the DTD `pubmed_250101`; the contents are invented.
    private static let articles = """
        <?xml version="1.0" ?>
        <!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/x.dtd">
        <PubmedArticleSet>
        <PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">222</PMID>
        <Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN><JournalIssue CitedMedium="Print">
        <Volume>1</Volume><PubDate><MedlineDate>1998 Nov-Dec</MedlineDate></PubDate></JournalIssue>
        <Title>Journal of Examples</Title><ISOAbbreviation>J Ex</ISOAbbreviation></Journal>
        <ArticleTitle>Second, an old one.</ArticleTitle>
        <PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList></Article></MedlineCitation>
        <PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/wrong</ArticleId></ArticleIdList>
        </Reference></ReferenceList><ArticleIdList><ArticleId IdType="pubmed">222</ArticleId></ArticleIdList></PubmedData>
        </PubmedArticle>
        <PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">111</PMID>
        <Article PubModel="Print-Electronic"><Journal><JournalIssue CitedMedium="Internet"><PubDate><Year>2021</Year>
        <Month>Mar</Month><Day>05</Day></PubDate></JournalIssue><Title>Journal of Examples</Title></Journal>
        <ArticleTitle>Salbutamol in <i>acute</i> asthma: a &lt;trial&gt;.</ArticleTitle>
        <ELocationID EIdType="doi" ValidYN="Y">10.1000/ex.1</ELocationID>
        <Abstract><AbstractText Label="METHODS">We gave 2&#xb5;g/kg.</AbstractText>
        <AbstractText Label="RESULTS">It helped (p &lt; 0.05).</AbstractText></Abstract>
        <AuthorList><Author><LastName>Doe</LastName></Author></AuthorList>
        <PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList>
        </Article><CommentsCorrectionsList><CommentsCorrections RefType="Cites"><PMID Version="1">999</PMID>
        </CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>
        <PubmedBookArticle><BookDocument><PMID Version="1">333</PMID><Book><BookTitle book="b">StatPearls</BookTitle>
        <PubDate><Year>2024</Year></PubDate></Book><ArticleTitle book="b" part="p">Asthma</ArticleTitle>
        <Abstract><AbstractText>A chapter.</AbstractText></Abstract></BookDocument></PubmedBookArticle>
        </PubmedArticleSet>
        """

    private func source(_ recorded: [Recorded]) throws -> ReplayedSource {
        var settings = SourceSettings()
        settings.limit = 2
        return try ReplayedSource("pubmed", settings, recorded)
    }

    private static func xml(_ numbers: String, _ body: String = articles) -> Recorded {
        Recorded(fetch(numbers), type: "text/xml; charset=UTF-8", body)
    }

    @Test func `hits are told in PubMed's order with kind, date and abstract`() async throws {
        let source = try source([
            Recorded(Self.search("asthma"), Self.found(["111", "222"], of: 7)), Self.xml("111,222"),
        ])
        let result = await source.run("pubmed", ["query": "asthma"])
        #expect(
            result.content == """
                [1] Salbutamol in acute asthma: a <trial>.
                PMID:111 | 2021 Mar 05 | Journal of Examples | doi:10.1000/ex.1 | Randomized Controlled Trial | \
                https://pubmed.ncbi.nlm.nih.gov/111/
                METHODS: We gave 2µg/kg.
                RESULTS: It helped (p < 0.05).

                [2] Second, an old one.
                PMID:222 | 1998 Nov-Dec | Journal of Examples | Journal Article, Retracted Publication | \
                https://pubmed.ncbi.nlm.nih.gov/222/
                (no abstract)

                Results 1 to 2 of 7; ask for page 2 to see more.
                """)
        #expect(
            result.citations.first
                == ToolCitation(
                    source: "pubmed", identifier: "PMID:111", title: "Salbutamol in acute asthma: a <trial>.",
                    url: "https://pubmed.ncbi.nlm.nih.gov/111/", licence: "PubMed abstract, its publisher's terms",
                    date: "2021 Mar 05"))
        #expect(!result.isError && source.tools.allSatisfy { !$0.traits.isTrusted })
    }

    @Test func `kind, years, order and page reach PubMed`() async throws {
        let term = "%28gout%29%20AND%20%22meta-analysis%22%5BPublication%20Type%5D"
        let years = "&datetype=pdat&mindate=2015&maxdate=2100"
        let source = try source([
            Recorded(Self.search(term, more: years, sort: "pub_date", start: 2), Self.found(["333"], of: 3)),
            Self.xml("333"),
        ])
        let result = await source.run(
            "pubmed", ["query": "gout", "kind": "meta_analysis", "from_year": 2015, "sort": "newest", "page": 2])
        #expect(result.content.hasPrefix("[3] Asthma\nPMID:333 | 2024 |"))
        #expect(result.content.hasSuffix("Results 3 to 3 of 3."))
    }

    @Test func `nothing found is no error, and what PubMed left out is told`() async throws {
        let errors = ",\"errorlist\":{\"phrasesnotfound\":[\"xyzzy\"],\"fieldsnotfound\":[]}"
        let source = try source([Recorded(Self.search("xyzzy"), Self.found([], of: 0, errors: errors))])
        let result = await source.run("pubmed", ["query": "xyzzy"])
        #expect(
            result
                == ToolResult(
                    content: "Note: PubMed knows nothing of xyzzy and searched without it.\nNo result."))
    }

    @Test(
        arguments: [
            (
                "{\"esearchresult\":{\"ERROR\":\"Search Backend failed: x\"}}", 200, .unavailable,
                "Search Backend failed"
            ),
            ("{\"error\":\"API key invalid\",\"api-key\":\"k\"}", 400, .invalidCall, "API key invalid"),
            ("{\"error\":\"odd\"}", 200, .malformedAnswer, "odd"),
            ("{\"esearchresult\":{}}", 200, .malformedAnswer, ""),
            ("<html><body>502</body></html>", 200, .malformedAnswer, "a web page"),
            ("{\"esearchresult\":{\"count\":\"1\",", 200, .malformedAnswer, "a part of it"),
        ] as [(String, Int, ToolFailure.Kind, String)])
    func `a bad answer to a search is an outage, not an empty result`(
        body: String, status: Int, kind: ToolFailure.Kind, text: String
    ) async throws {
        let source = try source([Recorded(Self.search("asthma"), status: status, body)])
        let result = await source.run("pubmed", ["query": "asthma"])
        #expect(result.failure == kind, "\(result)")
        #expect(text.isEmpty || result.content.contains(text), "\(result.content)")
    }

    @Test(
        arguments: [
            String(articles.prefix(900)), "<html><body>error</body></html>", "not XML", "",
            "<eFetchResult><ERROR>no</ERROR></eFetchResult>",
        ])
    func `records that are cut off or of another kind are no records`(body: String) async throws {
        let source = try source([Self.xml("111", body)])
        let result = await source.run("pubmed_article", ["pmids": ["111"]])
        #expect(result.failure == .malformedAnswer || body.isEmpty, "\(result)")
        #expect(result.isError)
    }

    @Test func `articles come by number, and missing ones are named`() async throws {
        let source = try source([Self.xml("111,444"), Self.xml("444", "<PubmedArticleSet></PubmedArticleSet>")])
        let result = await source.run("pubmed_article", ["pmids": ["PMID: 111", "444", "111"]])
        #expect(result.content.hasPrefix("Note: PubMed has no article 444.\n\n[1] Salbutamol"))
        #expect(await source.run("pubmed_article", ["pmids": ["444"]]).failure == .notFound)
    }

    @Test(
        arguments: [
            ("pubmed", ["query": "  "]), ("pubmed", ["query": "a", "from_year": 2020, "to_year": 2010]),
            ("pubmed", ["query": "a", "kind": "poem"]), ("pubmed", ["query": "a", "page": 0]),
            ("pubmed_article", ["pmids": ["../etc"]]), ("pubmed_article", ["pmids": []]),
            ("pubmed_article", ["pmids": ["1234567890"]]),
        ] as [(String, JSONValue)])
    func `bad arguments are the caller's fault`(tool: String, arguments: JSONValue) async throws {
        #expect(try await source([]).run(tool, arguments).failure == .invalidCall)
    }
}
