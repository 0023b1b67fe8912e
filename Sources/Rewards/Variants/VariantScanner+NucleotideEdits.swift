extension VariantScanner {
    /// The letters of a nucleic acid, with the ambiguity codes of IUPAC. DNA is written in capitals, RNA in small
    /// letters, as the recommendations have it.
    enum Alphabet: Sendable {
        case dna, rna, either

        func contains(_ byte: UInt8) -> Bool {
            switch byte | 0x20 {
            case 0x61, 0x63, 0x67, 0x72, 0x79, 0x6D, 0x6B, 0x77, 0x73, 0x62, 0x64, 0x68, 0x76, 0x6E:
                VariantScanner.isLetter(byte)
            case 0x74: self != .rna && VariantScanner.isLetter(byte)
            case 0x75: self != .dna && VariantScanner.isLetter(byte)
            default: false
            }
        }
    }

    mutating func nucleotide(_ alphabet: Alphabet) -> Bool {
        guard alphabet.contains(peek()) else { return false }
        output.append(alphabet == .rna ? bytes[position] | 0x20 : bytes[position] & 0xDF)
        position += 1
        return true
    }

    /// Nucleotides, at least `minimum`.
    mutating func nucleotides(_ alphabet: Alphabet, atLeast minimum: Int) -> Bool {
        attempt { scanner in
            let start = scanner.position
            while scanner.nucleotide(alphabet) {}
            return scanner.position - start >= minimum
        }
    }

    /// An edit of DNA or RNA at the last interval.
    mutating func nucleotideEdit(_ alphabet: Alphabet) -> Bool {
        if dialect == .recommendations {
            skipSpaces()
            if repeats(alphabet) { return true }
        }
        return nucleotideIdentity(alphabet) || substitution(alphabet) || deletionInsertion(alphabet)
            || insertion(alphabet) || deletion(alphabet) || duplication(alphabet) || inversion(alphabet)
            || conversion() || alphabet == .dna && copyNumber()
    }

    mutating func uncertainNucleotideEdit(_ alphabet: Alphabet) -> Bool {
        nucleotideEdit(alphabet) || attempt { $0.copy("(") && $0.nucleotideEdit(alphabet) && $0.copy(")") }
    }

    mutating func nucleotideIdentity(_ alphabet: Alphabet) -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            guard scanner.describedSequence(alphabet), scanner.peek() == UInt8(ascii: "=") else { return false }
            scanner.drop(from: start)
            return scanner.copy("=")
        }
    }

    mutating func substitution(_ alphabet: Alphabet) -> Bool {
        attempt { scanner in
            guard scanner.nucleotide(alphabet) else { return false }
            scanner.skipSpaces()
            guard scanner.copy(">") else { return false }
            scanner.skipSpaces()
            guard scanner.nucleotide(alphabet) else { return false }
            return scanner.dialect == .biocommons || scanner.span == nil || scanner.span == 1
        }
    }

    /// A sequence that repeats what the positions say; its length must be theirs.
    private mutating func describedSequence(_ alphabet: Alphabet) -> Bool {
        let start = output.count
        _ = nucleotides(alphabet, atLeast: 1)
        let length = output.count - start
        return dialect == .biocommons || length == 0 || span == nil || length == span
    }

    /// A length or a sequence that repeats what the positions say.
    private mutating func described(_ alphabet: Alphabet) -> Bool {
        let start = output.count
        guard number() else { return describedSequence(alphabet) }
        guard dialect == .recommendations, let span else { return true }
        return written(since: start) == span
    }

    private mutating func drop(from start: Int) {
        if policy.deletedSequence == .ignore { output.removeLast(output.count - start) }
    }

    mutating func deletionInsertion(_ alphabet: Alphabet) -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            guard scanner.copy("del") else { return false }
            let deleted = scanner.output.count
            guard scanner.described(alphabet) else { return false }
            let isOneBase = scanner.output.count == deleted + 1 && !Self.isDigit(scanner.output[deleted])
            let base = isOneBase ? scanner.output[deleted] : 0
            scanner.drop(from: deleted)
            scanner.skipSpaces()
            guard scanner.copy("ins") else { return false }
            let inserted = scanner.output.count
            guard scanner.insertedSequence(alphabet) else { return false }
            // One known base for another is a substitution in any words.
            let isSubstitution = isOneBase && scanner.span == 1 && scanner.output.count == inserted + 1
            if isSubstitution, let new = scanner.output.last, alphabet.contains(new) {
                scanner.output.removeLast(scanner.output.count - start)
                scanner.output.append(contentsOf: [base, UInt8(ascii: ">"), new])
            }
            return true
        }
    }

    mutating func deletion(_ alphabet: Alphabet) -> Bool { repeatingEdit("del", alphabet, numbers: true) }
    mutating func duplication(_ alphabet: Alphabet) -> Bool { repeatingEdit("dup", alphabet, numbers: false) }
    mutating func inversion(_ alphabet: Alphabet) -> Bool { repeatingEdit("inv", alphabet, numbers: true) }

    private mutating func repeatingEdit(_ name: String, _ alphabet: Alphabet, numbers: Bool) -> Bool {
        attempt { scanner in
            guard scanner.copy(name) else { return false }
            let start = scanner.output.count
            guard numbers ? scanner.described(alphabet) : scanner.describedSequence(alphabet) else { return false }
            scanner.drop(from: start)
            return true
        }
    }

    mutating func insertion(_ alphabet: Alphabet) -> Bool {
        attempt { $0.copy("ins") && $0.insertedSequence(alphabet) }
    }

    private mutating func insertedSequence(_ alphabet: Alphabet) -> Bool {
        guard dialect == .recommendations else { return nucleotides(alphabet, atLeast: 1) }
        skipSpaces()
        guard peek() == UInt8(ascii: "[") else { return insertedPart(alphabet) }
        return attempt { scanner in
            guard scanner.copy("["), scanner.insertedPart(alphabet) else { return false }
            while scanner.copy(";") {
                guard scanner.insertedPart(alphabet) else { return false }
            }
            return scanner.copy("]")
        }
    }

    /// A sequence, possibly repeated; a length; or a range of this or another sequence, possibly inverted.
    private mutating func insertedPart(_ alphabet: Alphabet) -> Bool {
        let unknown = alphabet == .rna ? "n" : "N"
        if attempt({ scanner in
            guard scanner.skip("(") else { return false }
            scanner.write(unknown + "[")
            guard scanner.number() else { return false }
            if scanner.copy("_"), !scanner.number() { return false }
            guard scanner.skip(")") else { return false }
            scanner.write("]")
            return true
        }) {
            return true
        }
        let isRange = attempt { scanner in
            scanner.anyPlace()
                || scanner.definitePosition(.coding) && scanner.copy("_") && scanner.definitePosition(.coding)
        }
        if isRange {
            _ = copy("inv")
            return true
        }
        guard nucleotides(alphabet, atLeast: 1) else { return false }
        _ = count()
        return true
    }

    /// `[23]` or `[23_30]`.
    private mutating func count() -> Bool {
        attempt { scanner in
            guard scanner.copy("["), scanner.number() else { return false }
            if scanner.copy("_"), !scanner.number() { return false }
            return scanner.copy("]")
        }
    }

    /// `CAG[23]`, `CAG[19]CAA[4]` or `[23]`.
    private mutating func repeats(_ alphabet: Alphabet) -> Bool {
        attempt { scanner in
            _ = scanner.nucleotides(alphabet, atLeast: 1)
            guard scanner.count() else { return false }
            while scanner.attempt({ $0.nucleotides(alphabet, atLeast: 1) && $0.count() }) {}
            return true
        }
    }

    mutating func conversion() -> Bool {
        attempt { scanner in
            guard scanner.copy("con") else { return false }
            return scanner.anyPlace() || scanner.dialect == .recommendations && scanner.definiteInterval(.coding)
        }
    }

    mutating func copyNumber() -> Bool { attempt { $0.copy("copy") && $0.number() } }
}
