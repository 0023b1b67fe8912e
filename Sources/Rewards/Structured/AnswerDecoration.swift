/// Takes off what surrounds a short answer without being a part of it: Markdown emphasis, quotes, dollar signs,
/// `\text{…}`, brackets, and sentence punctuation at the end.
enum AnswerDecoration {
    private static let maximumLayers = 8
    private static let commands = [
        "\\text{", "\\textbf{", "\\mathrm{", "\\mathbf{", "\\textit{", "\\texttt{", "\\operatorname{",
    ].map { Array($0.utf8) }

    static func peel(_ bytes: ArraySlice<UInt8>, takesBrackets: Bool) -> ArraySlice<UInt8> {
        var core = bytes
        for _ in 0..<maximumLayers {
            let before = core.count
            core = trimmed(core)
            core = withoutPair(core, takesBrackets: takesBrackets)
            if core.count == before { break }
        }
        return core
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var core = bytes
        while let first = core.first, AnswerText.isSpace(first) { core.removeFirst() }
        while let last = core.last, AnswerText.isSpace(last) || isSentencePunctuation(last) { core.removeLast() }
        return core
    }

    private static func isSentencePunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
            UInt8(ascii: "?"):
            true
        default: false
        }
    }

    private static func withoutPair(_ core: ArraySlice<UInt8>, takesBrackets: Bool) -> ArraySlice<UInt8> {
        guard core.count >= 2, let first = core.first, let last = core.last else { return core }
        switch (first, last) {
        case (UInt8(ascii: "*"), UInt8(ascii: "*")), (UInt8(ascii: "_"), UInt8(ascii: "_")),
            (UInt8(ascii: "`"), UInt8(ascii: "`")), (UInt8(ascii: "\""), UInt8(ascii: "\"")),
            (UInt8(ascii: "'"), UInt8(ascii: "'")), (UInt8(ascii: "$"), UInt8(ascii: "$")):
            return core.dropFirst().dropLast()
        case (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "["), UInt8(ascii: "]")),
            (UInt8(ascii: "{"), UInt8(ascii: "}")):
            return takesBrackets ? core.dropFirst().dropLast() : core
        case (UInt8(ascii: "\\"), UInt8(ascii: "}")):
            for command in commands where core.count > command.count && core.starts(with: command) {
                return core.dropFirst(command.count).dropLast()
            }
            return core
        default: return core
        }
    }
}
