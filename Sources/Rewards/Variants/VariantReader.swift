/// Reads sequence variants in HGVS nomenclature.
///
/// The canonical text has three-letter residues, `Ter`, numbers without leading zeros, DNA in capitals, RNA in small
/// letters and no explicit deleted sequence: `NP_003768.2:p.(R685*)` is `NP_003768.2:p.(Arg685Ter)`.
struct VariantReader: AnswerReader {
    let policy: VariantPolicy

    init(policy: VariantPolicy = VariantPolicy()) { self.policy = policy }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a sequence variant, found an empty text") }
        try work.spend(text.bytes.count)
        let text = text.withoutEmphasis(&work).withoutFullStop
        let bytes = text.isASCII && !text.bytes.contains(UInt8(ascii: "&")) ? text.bytes : Self.plain(text.bytes)
        var scanner = VariantScanner(bytes, dialect: .recommendations, policy: policy)
        readReference(&scanner)
        let prefix = scanner.position
        guard let kind = readPrefix(&scanner) else {
            throw .malformed(
                "expected a reference and one of c. g. m. n. o. p. r., found \(Self.excerpt(bytes, from: prefix))",
                offset: min(prefix, text.bytes.count))
        }
        scanner.skipSpaces()
        let start = scanner.position
        guard scanner.description(kind) else {
            throw .malformed(
                "expected a change of the \(String(UnicodeScalar(kind.rawValue))). sequence, found "
                    + Self.excerpt(bytes, from: start), offset: min(start, text.bytes.count))
        }
        if policy.consequence == .ignore, kind != .protein { Self.skipConsequence(&scanner, work: &work) }
        guard scanner.isAtEnd else {
            throw .malformed(
                "expected one sequence variant, found \(Self.excerpt(bytes, from: scanner.position)) after it",
                offset: min(scanner.position, text.bytes.count))
        }
        if scanner.output != text.bytes { work.apply("HGVS canonical form") }
        return CanonicalValue(.variant, String(decoding: scanner.output, as: UTF8.self))
    }

    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard policy.accession == .optional, gold.kind == prediction.kind, !Self.hasReference(prediction.text) else {
            return Comparison(isEqual: false, guarantee: .exact)
        }
        let isEqual = Self.change(of: gold.text).elementsEqual(prediction.text.utf8)
        if isEqual { work.apply("reference sequence not required") }
        return Comparison(isEqual: isEqual, guarantee: .exact)
    }

    /// Reads `NM_004006.2:`, `NM_004006.2(DMD):`, `NC_000023.11(NM_004006.2):` or `DMD ` where present.
    private func readReference(_ scanner: inout VariantScanner) {
        _ = scanner.attempt { scanner in
            guard scanner.accession() else { return false }
            let gene = scanner.output.count
            if scanner.copy("(") {
                let inner = scanner.output.count
                guard scanner.accession() else { return false }
                let isSequence = scanner.output[inner...].contains(UInt8(ascii: "_"))
                guard scanner.copy(")") else { return false }
                if !isSequence, policy.gene == .ignore {
                    scanner.output.removeLast(scanner.output.count - gene)
                }
            }
            let spaces = scanner.position
            scanner.skipSpaces()
            guard scanner.skip(":") || scanner.position > spaces else { return false }
            scanner.output.append(UInt8(ascii: ":"))
            scanner.skipSpaces()
            return true
        }
    }

    private func readPrefix(_ scanner: inout VariantScanner) -> VariantScanner.Kind? {
        if scanner.peek(1) == UInt8(ascii: "."), let kind = VariantScanner.Kind(rawValue: scanner.peek()),
            scanner.prefix(kind)
        {
            return kind
        }
        guard policy.prefix == .optional else { return nil }
        scanner.write("p.")
        return .protein
    }

    /// Skips ` (p.Ser1982fs)` after a description of DNA or RNA.
    private static func skipConsequence(_ scanner: inout VariantScanner, work: inout Work) {
        let written = scanner.output.count
        let isSkipped = scanner.attempt { scanner in
            scanner.skipSpaces()
            return scanner.skip("(") && scanner.typedChange(.protein) && scanner.skip(")")
        }
        guard isSkipped else { return }
        scanner.output.removeLast(scanner.output.count - written)
        work.apply("protein consequence left out")
    }

    private static func hasReference(_ text: String) -> Bool {
        let bytes = text.utf8
        return bytes.count > 1 && bytes[bytes.index(after: bytes.startIndex)] != UInt8(ascii: ".")
    }

    /// The text after the reference.
    private static func change(of text: String) -> Substring.UTF8View {
        guard hasReference(text), let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return text[...].utf8 }
        return text[text.utf8.index(after: colon)...].utf8
    }

    private static func excerpt(_ bytes: [UInt8], from start: Int) -> String {
        start >= bytes.count ? "the end" : "`\(String(decoding: bytes[start...].prefix(24), as: UTF8.self))`"
    }

    /// Arrows, typographic signs and the escape of `>` as ASCII.
    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "&gt;".utf8) {
                plain.append(UInt8(ascii: ">"))
                index += 4
            } else if rest.starts(with: "→".utf8) {
                plain.append(UInt8(ascii: ">"))
                index += 3
            } else if rest.starts(with: "−".utf8) || rest.starts(with: "–".utf8) || rest.starts(with: "‑".utf8) {
                plain.append(UInt8(ascii: "-"))
                index += 3
            } else if rest.starts(with: "＞".utf8) {
                plain.append(UInt8(ascii: ">"))
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return plain
    }
}
