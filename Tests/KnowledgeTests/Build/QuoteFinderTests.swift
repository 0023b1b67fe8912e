import Testing

@testable import Knowledge

@Suite struct QuoteFinderTests {
    private func found(_ quote: String, in text: String) -> String? {
        QuoteFinder(text).find(quote).map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        ("causes fever", "It causes fever.", "causes fever"), ("  causes fever\n", "It causes fever.", "causes fever"),
        ("causes high fever", "It causes\n   high\u{A0}fever.", "causes\n   high\u{A0}fever"),
        ("Crohn's - a disease", "the Crohn’s – a disease", "Crohn’s – a disease"),
        ("Sjögren", "by Sjögren", "Sjögren"), ("end.", "the end.", "end."),
    ])
    func findsWhatIsThere(_ quote: String, _ text: String, _ expected: String) {
        #expect(found(quote, in: text) == expected)
    }

    @Test(arguments: [
        ("causes Fever", "It causes fever."), ("", "x"), (" ", "x y"), ("longer than", "short"), ("ab", "a b"),
    ])
    func findsNothingElse(_ quote: String, _ text: String) { #expect(found(quote, in: text) == nil) }
}
