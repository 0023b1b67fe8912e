/// The normaliser `BertNormalizer`: its steps, in this order.
struct BertNormalization: Sendable {
    /// Removes controls and writes white space as spaces.
    var cleansText: Bool
    /// Puts spaces around ideographs.
    var separatesIdeographs: Bool
    var stripsAccents: Bool
    var lowercases: Bool
    /// What becomes of each ASCII character, which has no accents; -1 for nothing.
    private let ascii: [Int16]

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(
            type: "BertNormalizer", members: ["clean_text", "handle_chinese_chars", "strip_accents", "lowercase"])
        cleansText = try component["clean_text"].bool()
        separatesIdeographs = try component["handle_chinese_chars"].bool()
        lowercases = try component["lowercase"].bool()
        stripsAccents = component["strip_accents"].isAbsent ? lowercases : try component["strip_accents"].bool()
        let (cleansText, lowercases) = (cleansText, lowercases)
        ascii = (0..<0x80).map { (character: UInt32) in
            if cleansText, ScalarSet.controls.contains(character) { return -1 }
            if cleansText, ScalarSet.whiteSpace.contains(character) { return 0x20 }
            return Int16(lowercases && (0x41...0x5A).contains(character) ? character + 0x20 : character)
        }
    }

    func normalize(_ text: inout AlignedText) {
        if text.mapASCII(ascii) { return }
        if cleansText {
            let controls = ScalarSet.controls
            let whiteSpace = ScalarSet.whiteSpace
            text.removeScalars { controls.contains($0) }
            text.mapScalars { whiteSpace.contains($0) ? 0x20 : $0 }
        }
        if separatesIdeographs { Self.separateIdeographs(&text) }
        if stripsAccents {
            let marks = ScalarSet.nonspacingMarks
            text.apply(NormalizationForm.decomposed.edits(of: text.scalars))
            text.removeScalars { marks.contains($0) }
        }
        if lowercases { Lowercase.apply(to: &text) }
    }

    private static func separateIdeographs(_ text: inout AlignedText) {
        let ideographs = ScalarSet.ideographs
        let space: UInt32 = 0x20
        var edits: [ScalarEdit] = []
        for scalar in text.scalars {
            if ideographs.contains(scalar) {
                edits.append(ScalarEdit(scalar: space, replaced: 1))
                edits.append(ScalarEdit(scalar: scalar, replaced: 0))
                edits.append(ScalarEdit(scalar: space, replaced: 0))
            } else {
                edits.append(ScalarEdit(scalar: scalar, replaced: 1))
            }
        }
        text.apply(edits)
    }
}
