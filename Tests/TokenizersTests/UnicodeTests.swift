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
        let expected = try ranges.array(at: name).map { range in
            let bounds = try #require(range.tokensValue)
            return UInt32(bounds[0])...UInt32(bounds[1])
        }
        var found: [ClosedRange<UInt32>] = []
        for (range, scalarClass) in Self.runs where isMember(scalarClass) {
            if let last = found.last, last.upperBound + 1 == range.lowerBound {
                found[found.count - 1] = last.lowerBound...range.upperBound
            } else {
                found.append(range)
            }
        }
        #expect(found == expected)
    }

    /// The longest ranges of scalars of one class.
    private static let runs: [(range: ClosedRange<UInt32>, scalarClass: ScalarClass)] = {
        var runs: [(range: ClosedRange<UInt32>, scalarClass: ScalarClass)] = []
        var start: UInt32 = 0
        var current = ScalarClass(codePoint: 0).rawValue
        var scalar: UInt32 = 1
        while scalar <= 0x110000 {
            let next = scalar < 0x110000 ? ScalarTables.classes[Int(scalar)].rawValue : .max
            if next != current {
                if let scalarClass = ScalarClass(rawValue: current) { runs.append((start...scalar - 1, scalarClass)) }
                (start, current) = (scalar, next)
            }
            scalar += 1
        }
        return runs
    }()

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
