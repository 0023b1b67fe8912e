import Primitives
import Testing

@testable import Tokenizers

@Suite("One tokenizer, many tasks")
struct ConcurrentEncodingTests {
    @Test("Ids do not depend on what else is being encoded")
    func concurrentEncoding() async throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let texts = (0..<64).map { index in SmallVocabulary.texts.map { "\($0) \(index)" }.joined(separator: "\n") }
        let expected = texts.map { tokenizer.encode($0) }
        await withTaskGroup(of: [[TokenID]].self) { group in
            for _ in 0..<8 {
                group.addTask { texts.map { tokenizer.encode($0) } }
            }
            for await ids in group { #expect(ids == expected) }
        }
    }
}
