extension VariantScanner {
    /// Position and edit after the prefix of a kind.
    mutating func change(_ kind: Kind) -> Bool {
        switch kind {
        case .protein: return proteinChange()
        case .rna:
            return attempt { $0.interval(.rna) && $0.nucleotideEdit(.rna) }
                || attempt {
                    $0.openPrediction() && $0.interval(.rna) && $0.nucleotideEdit(.rna) && $0.closePrediction()
                } || dialect == .recommendations && wholeTranscriptChange()
        case .coding, .genomic, .mitochondrial, .noncoding, .circular:
            return attempt { $0.interval(kind) && $0.nucleotideEdit(.dna) }
                || dialect == .recommendations && (copy("=") || copy("?"))
        }
    }

    /// `r.=`, `r.0`, `r.?`, `r.spl` and their predicted forms.
    private mutating func wholeTranscriptChange() -> Bool {
        wholeTranscriptWord() || attempt { $0.openPrediction() && $0.wholeTranscriptWord() && $0.closePrediction() }
    }

    private mutating func wholeTranscriptWord() -> Bool {
        if copy("=") || copy("?") { return true }
        guard copy("0") || copy("spl") else { return false }
        _ = copy("?")
        return true
    }

    /// One change, or an allele: `[a;b]` in cis, `[a];[b]` in trans, `a(;)b` of unknown phase. Changes of one allele
    /// are written in byte order, since neither their order nor that of the two alleles says anything.
    mutating func description(_ kind: Kind) -> Bool {
        guard peek() == UInt8(ascii: "[") else { return unknownPhase(kind) }
        return attempt { scanner in
            let start = scanner.output.count
            var alleles: [[UInt8]] = []
            repeat {
                guard scanner.allele(kind) else { return false }
                alleles.append(Array(scanner.output[start...]))
                scanner.output.removeLast(scanner.output.count - start)
            } while scanner.skip(";")
            scanner.write(alleles, separator: ";")
            return true
        }
    }

    private mutating func allele(_ kind: Kind) -> Bool {
        attempt { scanner in
            guard scanner.copy("[") else { return false }
            guard scanner.changes(kind, separator: ";") else { return false }
            return scanner.copy("]")
        }
    }

    private mutating func unknownPhase(_ kind: Kind) -> Bool { changes(kind, separator: "(;)") }

    private mutating func changes(_ kind: Kind, separator: String) -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            guard scanner.change(kind) else { return false }
            guard scanner.skip(separator) else { return true }
            var changes = [Array(scanner.output[start...])]
            repeat {
                scanner.output.removeLast(scanner.output.count - start)
                guard scanner.change(kind) else { return false }
                changes.append(Array(scanner.output[start...]))
            } while scanner.skip(separator)
            scanner.output.removeLast(scanner.output.count - start)
            scanner.write(changes, separator: separator)
            return true
        }
    }

    private mutating func write(_ parts: [[UInt8]], separator: String) {
        for (index, part) in parts.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
            if index > 0 { write(separator) }
            output.append(contentsOf: part)
        }
    }
}
