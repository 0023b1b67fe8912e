import Testing

@testable import Retrieval

@Suite struct AnalysisTests {
    @Test func stemsEqualSnowball() {
        #expect(StemPairs.english.count >= 300)
        for (word, stem) in StemPairs.english {
            #expect(String(decoding: EnglishStemmer.stem(Array(word.utf8)), as: UTF8.self) == stem, "\(word)")
        }
    }

    @Test func stemmingNeverFails() {
        // All short words of letters on which rules meet.
        let letters = Array("aeyslt".utf8)
        var words: [[UInt8]] = [[]]
        for _ in 0..<4 {
            words = words.flatMap { word in letters.map { word + [$0] } }
            for word in words { #expect(EnglishStemmer.stem(word).count <= word.count + 1) }
        }
    }

    static let analysed: [(text: String, terms: [String])] = [
        ("The treatments of asthma", ["treatment", "asthma"]),
        ("TNF-α", ["tnf", "alpha", "tnfalpha"]),
        ("TNFα", ["tnfalpha"]),
        ("IL-2", ["il", "2", "il2"]),
        ("il2", ["il2", "il", "2"]),
        ("haemoglobin hemoglobin", ["hemoglobin", "hemoglobin"]),
        ("tumours tumors tumorigenesis tumourigenesis", ["tumor", "tumor", "tumorigenesi", "tumorigenesi"]),
        ("Sjögren’s syndrome", ["sjogren", "sjogren", "syndrom"]),
        ("Ménière ﬁbrosis", ["menier", "fibrosi"]),
        ("non-small-cell", ["non", "small", "cell", "nonsmallcel"]),
        ("a -- b; 5 µg", ["b", "5", "mug"]),
        ("four hour flour", ["four", "hour", "flour"]),
        ("", []), ("the of and", []), ("漢字", ["漢字"]),
    ]

    @Test(arguments: analysed.indices) func medicalEnglishIsAnalysed(_ index: Int) {
        let (text, terms) = Self.analysed[index]
        #expect(TextAnalyzer.english.terms(of: text).map { String(decoding: $0, as: UTF8.self) } == terms)
    }

    @Test func composedAndDecomposedLettersAreOneWord() {
        for analyzer in TextAnalyzer.allCases {
            #expect(analyzer.terms(of: "\u{E9}tude") == analyzer.terms(of: "e\u{301}tude"), "\(analyzer)")
        }
    }

    /// From the specification of xxHash and python-xxhash.
    static let checksums: [(String, UInt64)] = [
        ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
        ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ]

    @Test(arguments: checksums.indices) func checksumsEqualTheReference(_ index: Int) {
        #expect(Checksum.of(Array(Self.checksums[index].0.utf8)) == Self.checksums[index].1)
    }
}
