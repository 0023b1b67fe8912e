import Primitives
import Testing

@testable import Knowledge

@Suite struct MentionLexiconTests {
    private static func entity(_ name: String, _ synonyms: [String] = [], type: String = "disease") -> Entity {
        Entity(id: "\(type):\(name)", name: name, type: type, synonyms: synonyms)
    }

    /// The mentions in a text as `entity number: text`.
    private func mentions(_ text: String, _ entities: [Entity]) -> [String] {
        let lexicon = MentionLexicon(entities)
        var scanner = MentionTokens()
        var found: [String] = []
        var text = text
        text.withUTF8 { bytes in
            _ = lexicon.mentions(in: bytes, scanner: &scanner) { entities, range in
                found += entities.map { "\($0): \(String(decoding: bytes[range], as: UTF8.self))" }
            }
        }
        return found
    }

    @Test func findsTheLongestNameAtAPlace() {
        let entities = [Self.entity("diabetes"), Self.entity("diabetes mellitus type 2", ["T2DM"])]
        #expect(
            mentions("Diabetes Mellitus, type-2 and diabetes mellitus. T2DM!", entities)
                == ["1: Diabetes Mellitus, type-2", "0: diabetes", "1: T2DM"])
    }

    @Test func namesAreWholeWords() {
        #expect(mentions("goutte gout, ragout", [Self.entity("gout")]) == ["0: gout"])
    }

    @Test func namesWithoutSmallLettersAreExact() {
        let entities = [Self.entity("MET", type: "gene"), Self.entity("aids"), Self.entity("AIDS")]
        #expect(mentions("We met MET. AIDS aids Aids", entities) == ["0: MET", "2: AIDS", "1: aids", "1: Aids"])
    }

    @Test func possessivesDoNotCount() {
        let entities = [Self.entity("Crohn disease"), Self.entity("Alzheimer's disease")]
        #expect(
            mentions("Crohn's disease, Crohn’s disease, Alzheimer disease", entities)
                == ["0: Crohn's disease", "0: Crohn’s disease", "1: Alzheimer disease"])
    }

    @Test func aNameDoesNotReachAcrossSentences() {
        #expect(mentions("acute. gout; acute\ngout", [Self.entity("acute gout")]).isEmpty)
    }

    @Test func caseIsFoldedBeyondASCII() {
        let entities = [Self.entity("sjögren syndrome"), Self.entity("β-thalassemia")]
        #expect(mentions("SJÖGREN SYNDROME; Β-Thalassemia", entities) == ["0: SJÖGREN SYNDROME", "1: Β-Thalassemia"])
    }

    @Test func anAddedTypeIsNotLookedFor() {
        let entities = [Self.entity("fever"), Self.entity("fever (symptom)", type: "symptom")]
        #expect(mentions("fever", entities) == ["0: fever", "1: fever"])
    }

    /// Against a search that compares every name at every word.
    @Test(arguments: 0..<40) func agreesWithASearchOfEveryName(_ seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds, step: 4)
        let words = ["aba", "bab", "caa", "acb", "bcc", "Aba", "CAA"]
        let names = (0..<12).map { _ in
            (0...random.integer(below: 3)).map { _ in random.pick(words) }.joined(separator: " ")
        }
        let entities = names.map { Self.entity($0) }
        let text = (0..<60).map { _ in random.pick(words) }
        var expected: [String] = []
        var index = 0
        while index < text.count {
            var best: (length: Int, isExact: Bool)?
            func isExact(_ name: String) -> Bool { name.uppercased() == name }
            for name in names {
                let parts = name.split(separator: " ").map(String.init)
                guard index + parts.count <= text.count else { continue }
                let slice = Array(text[index..<index + parts.count])
                let matches =
                    isExact(name) ? slice == parts : slice.map { $0.lowercased() } == parts.map { $0.lowercased() }
                if matches, (parts.count, isExact(name) ? 1 : 0) > (best?.length ?? 0, best?.isExact == true ? 1 : 0) {
                    best = (parts.count, isExact(name))
                }
            }
            guard let best else {
                index += 1
                continue
            }
            let slice = text[index..<index + best.length].joined(separator: " ")
            for (number, name) in names.enumerated() where isExact(name) == best.isExact {
                let matches = best.isExact ? name == slice : name.lowercased() == slice.lowercased()
                if matches { expected.append("\(number): \(slice)") }
            }
            index += best.length
        }
        #expect(mentions(text.joined(separator: " "), entities) == expected)
    }
}
