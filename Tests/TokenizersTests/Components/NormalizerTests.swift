import Primitives
import Testing

@testable import Tokenizers

@Suite("Normalizers")
struct NormalizerTests {
    @Test(
        "A normaliser knows whether it changes nothing or only composes",
        arguments: [
            ("null", true, false), (#"{"type":"Sequence","normalizers":[]}"#, true, false),
            (#"{"type":"NFC"}"#, false, true), (#"{"type":"NFKC"}"#, false, false),
            (#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Sequence","normalizers":[]}]}"#, false, true),
            (#"{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}"#, false, false),
        ])
    func queries(json: String, isIdentity: Bool, isCanonicalComposition: Bool) throws {
        let value = try JSONValue.parse(json)
        let normalizer = try Normalizer(FileComponent(file: "test", path: "normalizer", value: value))
        #expect(normalizer.isIdentity == isIdentity)
        #expect(normalizer.isCanonicalComposition == isCanonicalComposition)
    }

    @Test("Composing stretch by stretch equals composing the whole")
    func stretches() throws {
        var random = CounterRandom(seed: 2, stage: .synthesis)
        for _ in 0..<2000 {
            let text = randomText(&random)
            var whole = AlignedText(text.utf8, at: nil)
            whole.apply(NormalizationForm.composed.edits(of: whole.scalars))
            #expect(Array(CanonicalComposition.compose(text).utf8) == whole.utf8)
        }
    }

    @Test(
        "Every form is reached in one step, and decomposing before does not change it",
        arguments: NormalizationForm.allCases)
    func idempotence(form: NormalizationForm) throws {
        var random = CounterRandom(seed: 3, stage: .synthesis)
        for _ in 0..<500 {
            let text = AlignedText(randomText(&random).utf8, at: nil)
            var once = text
            once.apply(form.edits(of: text.scalars))
            var twice = once
            twice.apply(form.edits(of: once.scalars))
            #expect(once.utf8 == twice.utf8)
            var viaDecomposed = text
            viaDecomposed.apply(NormalizationForm.decomposed.edits(of: text.scalars))
            viaDecomposed.apply(form.edits(of: viaDecomposed.scalars))
            #expect(once.utf8 == viaDecomposed.utf8)
        }
    }

    @Test("A hundred thousand marks in a row are put in order", arguments: NormalizationForm.allCases)
    func manyMarks(form: NormalizationForm) {
        let pair: [UInt32] = [0x0315, 0x0316]
        let marks = (0..<50_000).flatMap { _ in pair }
        let edits = form.edits(of: [0x78] + marks)
        let expected = [0x78] + [UInt32](repeating: 0x0316, count: 50_000) + [UInt32](repeating: 0x0315, count: 50_000)
        #expect(edits.map(\.scalar) == expected)
    }

    @Test("Edits account for every scalar of the old text", arguments: NormalizationForm.allCases)
    func replacedScalars(form: NormalizationForm) {
        var random = CounterRandom(seed: 4, stage: .synthesis)
        for _ in 0..<500 {
            let scalars = randomText(&random).unicodeScalars.map(\.value)
            #expect(form.edits(of: scalars).reduce(0) { $0 + $1.replaced } == scalars.count)
        }
    }

    private func randomText(_ random: inout CounterRandom) -> String {
        let pools: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0xA0...0x17F, 0x300...0x345, 0x591...0x5BD, 0x900...0x94D, 0x1100...0x11C2, 0x1E00...0x1FFE,
            0x2100...0x2190, 0xAC00...0xAC20, 0xFB00...0xFB4F, 0xFF00...0xFFEE, 0x1D400...0x1D420, 0x2F800...0x2F810,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<random.integer(below: 12) {
            let pool = random.pick(pools)
            let value = pool.lowerBound + UInt32(random.integer(below: pool.count))
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}
