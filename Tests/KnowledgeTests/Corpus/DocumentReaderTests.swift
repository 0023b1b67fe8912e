import Primitives
import Testing

@testable import Knowledge

@Suite struct DocumentReaderTests {
    private func documents(_ text: String, _ name: String) throws -> [SourceDocument] {
        let file = try TemporaryFile(text, name: name)
        let reader = try DocumentReader(path: file.path)
        var documents: [SourceDocument] = []
        while let document = try reader.next() { documents.append(document) }
        return documents
    }

    @Test func readsPubMed() throws {
        let text = """
            <?xml version="1.0" encoding="utf-8"?>
            <!DOCTYPE PubmedArticleSet SYSTEM "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
            <PubmedArticleSet>
            <PubmedArticle><MedlineCitation><PMID Version="1">12</PMID><Article>
            <ArticleTitle>On <i>Borrelia</i> &amp; ticks.</ArticleTitle><Abstract>
            <AbstractText Label="AIMS">To see.</AbstractText><AbstractText Label="END">Seen<sup>2</sup>.</AbstractText>
            </Abstract></Article>
            <CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>
            <OtherAbstract><AbstractText>Autre.</AbstractText></OtherAbstract></MedlineCitation>
            <PubmedData><ArticleIdList><ArticleId IdType="pubmed">12</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
            <PubmedArticle><MedlineCitation><PMID>13</PMID><Article><ArticleTitle/></Article></MedlineCitation></PubmedArticle>
            <DeleteCitation><PMID>14</PMID></DeleteCitation>
            </PubmedArticleSet>
            """
        let documents = try documents(text, "pubmed.xml")
        #expect(documents.map(\.id) == ["PMID:12"])
        #expect(documents.first?.title == "On Borrelia & ticks.")
        #expect(documents.first?.text == "AIMS: To see.\nEND: Seen2.")
        #expect(documents.first?.source == "PubMed")
    }

    @Test func readsJSONLines() throws {
        let text = """
            {"_id": "a", "title": "T", "text": "x", "metadata": {"source": "S", "licence": "L"}}

            {"pmid": 7, "abstract": "y"}
            {"id": "empty", "text": ""}
            """
        let documents = try documents(text, "d.jsonl")
        #expect(documents.map(\.id) == ["a", "7"])
        #expect(documents[0] == SourceDocument(id: "a", title: "T", text: "x", source: "S", licence: "L"))
        #expect(documents[1].licence == "not stated")
    }

    @Test func readsAText() throws {
        let documents = try documents("One.\nTwo.", "note.txt")
        #expect(documents.map(\.text) == ["One.\nTwo."])
    }

    @Test(arguments: [
        ("{\"text\": \"x\"}\n{\"title\": 1}\n", "d.jsonl", "line 2, member text: found nothing, expected a string"),
        ("{\"text\": \"x\"\n", "d.jsonl", "line 1: found column 13"), ("[]", "d.jsonl", "line 1: found an array"),
        ("<html></html>", "d.xml", "found <html>, expected <PubmedArticleSet>"),
        (
            "<PubmedArticleSet>\n<PubmedArticle></PubmedArticle></PubmedArticleSet>", "d.xml",
            "line 2, element PubmedArticle"
        ),
        ("x", "d.pdf", "the name does not say what this is"),
    ])
    func errorsNameThePlace(_ text: String, _ name: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try documents(text, name) }
        #expect("\(error)".contains(expected), "\(error)")
    }
}
