extension VariantScanner {
    /// An edit of a protein at the last interval.
    mutating func proteinEdit() -> Bool {
        if dialect == .recommendations {
            skipSpaces()
            if attempt({ $0.copy("[") && $0.number() && $0.copy("]") }) { return true }
        }
        return frameshift() || proteinExtension() || residueSubstitution() || proteinDeletionInsertion()
            || proteinInsertion() || copy("del") || copy("dup") || copy("=")
    }

    mutating func uncertainProteinEdit() -> Bool {
        proteinEdit() || attempt { $0.copy("(") && $0.proteinEdit() && $0.copy(")") }
    }

    /// A new residue. The same residue again is no change: `Gly12Gly` is `Gly12=`.
    mutating func residueSubstitution() -> Bool {
        if dialect == .recommendations, residue == nil { return false }
        if copy("?") { return true }
        guard let new = residueOrTerminator() else { return false }
        write(new == residue ? "=" : Residue.codes[new])
        return true
    }

    mutating func proteinDeletionInsertion() -> Bool {
        attempt { $0.copy("delins") && $0.residueSequence(terminators: true) }
    }

    mutating func proteinInsertion() -> Bool {
        attempt { $0.copy("ins") && $0.residueSequence(terminators: true) }
    }

    mutating func frameshift() -> Bool {
        attempt { scanner in
            _ = scanner.attempt { scanner in
                guard let new = scanner.residueOrTerminator(), scanner.peek() == UInt8(ascii: "f") else { return false }
                scanner.write(Residue.codes[new])
                return true
            }
            return scanner.frameshiftLength()
        }
    }

    /// `fs`, `fsTer`, `fsTer?` or `fsTer9`.
    mutating func frameshiftLength() -> Bool {
        guard copy("fs") else { return false }
        _ = terminatorDistance()
        return true
    }

    /// `Ter9`, `*?` or `X`.
    mutating func terminatorDistance() -> Bool {
        guard terminator() != nil else { return false }
        write("Ter")
        return optionalDistance()
    }

    mutating func optionalDistance() -> Bool {
        _ = number() || copy("?")
        return true
    }

    mutating func proteinExtension() -> Bool {
        attempt { scanner in
            _ = scanner.attempt { scanner in
                guard let new = scanner.residueOrTerminator(), scanner.peek() == UInt8(ascii: "e") else { return false }
                scanner.write(Residue.codes[new])
                return true
            }
            return scanner.extensionLength()
        }
    }

    /// `ext`, `extTer17`, `ext-5` or `extMet-5`.
    mutating func extensionLength() -> Bool {
        guard copy("ext") else { return false }
        _ = extensionEnd()
        return true
    }

    mutating func extensionEnd() -> Bool {
        if terminatorDistance() { return true }
        return attempt { scanner in
            if let new = scanner.aminoAcid() { scanner.write(Residue.codes[new]) }
            return scanner.negativeNumber()
        }
    }

    /// Position and edit of a protein, or a statement about the whole protein.
    mutating func proteinChange() -> Bool {
        attempt { $0.interval(.protein) && $0.proteinEdit() } || predictedProteinChange() || wholeProteinChange()
    }

    private mutating func predictedProteinChange() -> Bool {
        attempt { scanner in
            scanner.openPrediction() && scanner.interval(.protein) && scanner.proteinEdit() && scanner.closePrediction()
        }
    }

    mutating func wholeProteinChange() -> Bool {
        if copy("=") || attempt({ $0.openPrediction() && $0.copy("=") && $0.closePrediction() }) { return true }
        if copy("0") {
            _ = copy("?")
            return true
        }
        if copy("?") { return true }
        guard dialect == .recommendations else { return false }
        return attempt { $0.openPrediction() && ($0.copy("0") || $0.copy("?")) && $0.closePrediction() }
    }

    mutating func openPrediction() -> Bool { policy.predicted == .keep ? copy("(") : skip("(") }
    mutating func closePrediction() -> Bool { policy.predicted == .keep ? copy(")") : skip(")") }
}
