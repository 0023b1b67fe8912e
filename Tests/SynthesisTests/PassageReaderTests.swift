import Knowledge
import Testing

@testable import Synthesis

struct PassageReaderTests {
    private let reader = PassageReader(
        phrases: RelationPhrases(sentence: "{subject} is caused by the organism {object}.", phrase: "the cause of {x}"))

    @Test(arguments: [
        ("vorosis is caused by the organism Zelia.", "Zelia"),
        ("vorosis is mild. vorosis is caused by the organism Zelia. vorosis is rare.", "Zelia"),
        ("vorosis is caused by the organism Zelia subsp. gorn. vorosis is rare.", "Zelia subsp. gorn"),
        ("old vorosis is caused by the organism Pelia.\nvorosis is caused by the organism Zelia.", "Zelia"),
        ("vorosis is mild.\nvorosis is caused by the organism Zelia.\nother text.", "Zelia"),
    ]) func readsTheObject(passages: String, object: String) {
        #expect(reader.object(of: "vorosis", in: passages) == object)
    }

    @Test(arguments: ["", "vorosis is mild.", "old vorosis is caused by the organism Pelia.", "No result."])
    func readsNothingWhereNothingIsSaid(passages: String) {
        #expect(reader.object(of: "vorosis", in: passages) == nil)
    }
}
