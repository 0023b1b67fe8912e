import Testing

@testable import Rewards

@Suite struct TextHygieneTests {
    private func clean(_ text: String) -> Result<String, AnswerProblem> { clean(Array(text.utf8)) }

    private func clean(_ bytes: [UInt8]) -> Result<String, AnswerProblem> {
        var work = Work()
        do throws(AnswerProblem) {
            return .success(try TextHygiene.clean(bytes[...], work: &work).string)
        } catch {
            return .failure(error)
        }
    }

    private func isRefused(_ result: Result<String, AnswerProblem>, at offset: Int? = nil) -> Bool {
        guard case .failure(.refused(_, let found)) = result else { return false }
        return offset == nil || found == offset
    }

    @Test(arguments: [
        ("  aspirin\n", "aspirin"), ("as\u{200B}pirin\u{FEFF}", "aspirin"), ("10\u{B2}", "10\u{B2}"),
        ("\u{A0}x\u{3000}", "x"), ("caf\u{E9}", "caf\u{E9}"), ("\u{FF21}", "\u{FF21}"), ("a\u{AD}b", "ab"), ("", ""),
    ])
    func `only invisible characters and outer white space go`(text: String, cleaned: String) {
        #expect(clean(text) == .success(cleaned))
    }

    @Test(arguments: [
        ("\u{202E}niripsa", 0), ("a\u{2066}b", 1), ("asp\u{0}", 3), ("\u{E9}\u{1B}[0m", 2), ("a\u{7F}", 1),
        ("\u{85}\u{86}", 2),
    ])
    func `reordering and control characters are refused where they stand`(text: String, offset: Int) {
        #expect(isRefused(clean(text), at: offset))
    }

    @Test(arguments: [
        "\u{430}spirin", "aspi\u{433}in", "T\u{39D}F", "pr\u{3BF}tein", "\u{3BD}itrate", "\u{13AA}spirin",
        "he\u{57D}arin",
        "\u{430}\u{3BF}x", "dr\u{1D6A}\u{430}g", "\u{FF41}spir\u{456}n", "x \u{410}BC",
    ])
    func `words that mix look-alike scripts are refused`(text: String) {
        #expect(isRefused(clean(text)))
    }

    @Test(arguments: [
        "TNF-\u{3B1}", "\u{3B1}B-crystallin", "\u{B5}g", "\u{394}F508", "NF-\u{3BA}B", "\u{3B2}-blocker", "h\u{3BD}",
        "\u{3C1}gh", "2\u{3C0}r", "\u{430}\u{441}\u{43F}\u{438}\u{440}\u{438}\u{43D}",
        "\u{3BB}\u{3CC}\u{3B3}\u{3BF}\u{3C2}", "B\u{578B}\u{809D}\u{708E}",
        "\u{1D6FC}-synuclein", "10 k\u{2126}", "\u{C5}ngstr\u{F6}m", "\u{41C}\u{41A}\u{411}-10 (ICD-10)",
        "\u{3C7}\u{B2}",
    ])
    func `honest texts in several scripts pass`(text: String) {
        #expect(clean(text) == .success(text))
    }

    @Test func `bytes that are no UTF-8 are malformed where they begin`() {
        #expect(
            clean([0x61, 0x62, 0xFF]) == .failure(.malformed("expected UTF-8, found bytes that are none", offset: 2)))
    }

    @Test func `a text beyond the limit is over budget`() {
        guard case .failure(.overBudget) = clean(String(repeating: "a", count: 20_000)) else {
            Issue.record("expected a refusal for its length")
            return
        }
    }

    @Test func `random bytes never crash`() {
        var generator = NameGenerator(seed: 3)
        for _ in 0..<3000 {
            let count = Int.random(in: 0...40, using: &generator)
            _ = clean((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }
}
