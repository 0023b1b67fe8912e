import Primitives
import Storage
import Testing

@testable import Tokenizers

@Suite("Unicode as the reference sees it")
struct UnicodeTests {
    @Test(
        "Classes of scalars", .enabled(if: SharedData.isPresent, SharedData.absence),
        arguments: [
            ("L", \.isLetter), ("N", \.isNumber), ("M", \.isMark), ("P", \.isPunctuation), ("S", \.isSymbol),
            ("Lu", \.isUppercaseLetter), ("Ll", \.isLowercaseLetter), ("Lt", \.isTitlecaseLetter),
            ("Lm", \.isModifierLetter), ("Lo", \.isOtherLetter), ("White_Space", \.isWhiteSpace), ("word", \.isWord),
        ] as [(String, @Sendable (ScalarClass) -> Bool)])
    func scalarClasses(name: String, isMember: @Sendable (ScalarClass) -> Bool) throws {
        let ranges = try JSONValue.parse(FileStore.read(SharedData.directory + "/unicode/onig16_ranges.json"))
        var expected = [Bool](repeating: false, count: 0x110000)
        for range in try ranges.array(at: name) {
            let bounds = try #require(range.tokensValue)
            for scalar in Int(bounds[0])...Int(bounds[1]) { expected[scalar] = true }
        }
        #expect(expected == (0..<0x110000).map { isMember(ScalarClass(codePoint: $0)) })
    }

    @Test("Every decomposition and composition", .enabled(if: SharedData.isPresent, SharedData.absence))
    func compositions() throws {
        let tables = try JSONValue.parse(FileStore.read(SharedData.directory + "/unicode/nfc_unicode9.json"))
        var composites: Set<String> = []
        for row in try tables.array(at: "compose") {
            let triple = try #require(row.tokensValue).map { string([UInt32($0)]) }
            composites.insert(triple[2])
            #expect(scalars(CanonicalComposition.compose(triple[0] + triple[1])) == scalars(triple[2]))
            #expect(scalars(CanonicalComposition.compose(triple[2])) == scalars(triple[2]))
        }
        for (key, value) in try tables.object(at: "decomp").members {
            let scalar = string([try #require(UInt32(key))])
            if composites.contains(scalar) { continue }
            let decomposition = try #require(value.tokensValue).map { UInt32($0) }
            #expect(scalars(CanonicalComposition.compose(scalar)) == decomposition)
        }
    }

    @Test("Inert scalars take no part in composition", .enabled(if: SharedData.isPresent, SharedData.absence))
    func inertScalars() throws {
        let tables = try JSONValue.parse(FileStore.read(SharedData.directory + "/unicode/nfc_unicode9.json"))
        for (key, _) in try tables.object(at: "ccc").members {
            #expect(!CanonicalComposition.isInert(try #require(UInt32(key))), "mark \(key)")
        }
        var composites: Set<UInt32> = []
        for row in try tables.array(at: "compose") {
            let triple = try #require(row.tokensValue).map { UInt32($0) }
            #expect(!CanonicalComposition.isInert(triple[1]), "second of a pair: \(triple[1])")
            composites.insert(triple[2])
        }
        for (key, _) in try tables.object(at: "decomp").members {
            let scalar = try #require(UInt32(key))
            #expect(composites.contains(scalar) || !CanonicalComposition.isInert(scalar), "decomposes: \(key)")
        }
        for jamo in UInt32(0x1161)...0x11C2 { #expect(!CanonicalComposition.isInert(jamo)) }
    }

    @Test(
        "Order and blocking of marks",
        arguments: [
            // Canonical order, from a scalar that decomposes into marks only.
            ([0x6E3, 0x0F75], [0x0F71, 0x0F74, 0x6E3]),
            // A mark of the same class keeps the second one from composing.
            ([0x61, 0x0300, 0x0301], [0xE0, 0x0301]),
            // A mark of a lower class does not.
            ([0x61, 0x0323, 0x0302], [0x1EAD]),
            ([0x61, 0x0302, 0x0323], [0x1EAD]),
            // Hangul: leading, vowel, trailing.
            ([0x1100, 0x1161, 0x11A8], [0xAC01]),
            ([0xAC00, 0x11A7], [0xAC00, 0x11A7]),
            // No rule of U+1ECC applies to U+21ECC.
            ([0x21ECC, 0x0302], [0x21ECC, 0x0302]),
            // U+212B, the Ångström sign, is the letter.
            ([0x212B], [0xC5]),
        ] as [([UInt32], [UInt32])])
    func ordering(input: [UInt32], expected: [UInt32]) {
        #expect(scalars(CanonicalComposition.compose(string(input))) == expected)
    }

    private func string(_ scalars: [UInt32]) -> String {
        String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
    }

    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}
