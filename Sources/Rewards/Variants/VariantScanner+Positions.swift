extension VariantScanner {
    /// Digits with an optional sign; a plus is not written.
    mutating func signedNumber() -> Bool {
        attempt { scanner in
            if scanner.peek() == UInt8(ascii: "+") {
                scanner.position += 1
            } else {
                _ = scanner.copy("-")
            }
            return scanner.number()
        }
    }

    mutating func negativeNumber() -> Bool {
        attempt { $0.copy("-") && $0.number() }
    }

    /// The distance into an intron, or nothing; a distance of 0 is not written.
    mutating func offset() -> Bool {
        _ = attempt { scanner in
            let start = scanner.output.count
            if !scanner.copy("-") {
                _ = scanner.skip("+")
                scanner.output.append(UInt8(ascii: "+"))
            }
            if scanner.dialect == .recommendations, scanner.copy("?") {
                scanner.point = nil
                return true
            }
            let digits = scanner.output.count
            guard scanner.number() else { return false }
            if scanner.written(since: digits) == 0 {
                scanner.output.removeLast(scanner.output.count - start)
            } else {
                scanner.point = nil
            }
            return true
        }
        return true
    }

    /// A base number with its region; the recommendations know no nucleotide 0.
    private mutating func base(afterCoding: Bool = false) -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            let isUpstream = !afterCoding && scanner.peek() == UInt8(ascii: "-")
            guard afterCoding ? scanner.number() : scanner.signedNumber() else { return false }
            let value = scanner.written(since: start + (isUpstream ? 1 : 0))
            if scanner.dialect == .recommendations, value == 0 { return false }
            let region: Point.Region = afterCoding ? .downstream : isUpstream ? .upstream : .inside
            scanner.point = value.map { Point(region: region, number: $0) }
            return true
        }
    }

    /// One position in the numbering of a kind of sequence.
    mutating func definitePosition(_ kind: Kind) -> Bool {
        attempt { scanner in
            scanner.point = nil
            switch kind {
            case .coding:
                return scanner.base() && scanner.offset() || scanner.afterCoding() || scanner.unknownPosition()
            case .noncoding: return scanner.base() && scanner.offset() || scanner.unknownPosition()
            case .rna:
                if scanner.base() && scanner.offset() { return true }
                return scanner.dialect == .recommendations && (scanner.afterCoding() || scanner.unknownPosition())
            case .genomic, .mitochondrial, .circular: return scanner.genomicPosition()
            case .protein: return scanner.proteinPosition()
            }
        }
    }

    private mutating func afterCoding() -> Bool {
        attempt { $0.copy("*") && $0.base(afterCoding: true) && $0.offset() }
    }

    private mutating func unknownPosition() -> Bool { dialect == .recommendations && copy("?") }

    private mutating func genomicPosition() -> Bool {
        if copy("?") { return true }
        if dialect == .recommendations, copy("pter") || copy("qter") || copy("cen") { return true }
        let start = output.count
        guard number() else { return false }
        let value = written(since: start)
        if dialect == .recommendations, value == 0 { return false }
        point = value.map { Point(region: .inside, number: $0) }
        return true
    }

    private mutating func proteinPosition() -> Bool {
        guard let found = terminator() ?? aminoAcid(ambiguousCodes: false) else { return false }
        write(Residue.codes[found])
        residue = found
        let start = output.count
        guard number() else { return false }
        let value = written(since: start)
        if dialect == .recommendations, value == 0 { return false }
        point = value.map { Point(region: .inside, number: $0) }
        return true
    }

    /// `start_end` or one position; an interval of one position is written as the position.
    mutating func definiteInterval(_ kind: Kind) -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            guard scanner.definitePosition(kind) else { return false }
            let (first, firstResidue, middle) = (scanner.point, scanner.residue, scanner.output.count)
            let isRange = scanner.attempt { $0.copy("_") && $0.definitePosition(kind) }
            guard isRange else {
                scanner.span = first == nil ? nil : 1
                scanner.residue = firstResidue
                return true
            }
            let last = scanner.point
            if scanner.output[start..<middle] == scanner.output[(middle + 1)...] {
                scanner.output.removeLast(scanner.output.count - middle)
                scanner.span = first == nil ? nil : 1
                return true
            }
            scanner.residue = nil
            scanner.span = nil
            if let first, let last, first.region == last.region {
                let distance = first.region == .upstream ? first.number - last.number : last.number - first.number
                if distance > 0 { scanner.span = distance + 1 }
            }
            return true
        }
    }

    private mutating func uncertain(_ kind: Kind) -> Bool {
        attempt { $0.copy("(") && $0.definiteInterval(kind) && $0.copy(")") }
    }

    /// An interval whose ends lie in intervals: `(1_5)_(9_20)`.
    mutating func uncertainInterval(_ kind: Kind) -> Bool {
        let found =
            attempt { $0.uncertain(kind) && $0.copy("_") && $0.uncertain(kind) }
            || attempt { $0.definiteInterval(kind) && $0.copy("_") && $0.uncertain(kind) }
            || attempt { $0.uncertain(kind) && $0.copy("_") && $0.definiteInterval(kind) }
        if found { (span, residue) = (nil, nil) }
        return found
    }

    /// An interval that may be uncertain.
    mutating func interval(_ kind: Kind) -> Bool {
        if kind == .genomic || dialect == .recommendations && kind != .protein, uncertainInterval(kind) { return true }
        if definiteInterval(kind) { return true }
        guard uncertain(kind) else { return false }
        (span, residue) = (nil, nil)
        return true
    }
}
