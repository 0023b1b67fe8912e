/// The normaliser `Lowercase`, scalar by scalar.
enum Lowercase {
    private static let capitalIWithDot: UInt32 = 0x130

    private static let forms: [UInt32: UInt32] = {
        var forms: [UInt32: UInt32] = [:]
        let runs = LowercaseTable.runs
        for index in stride(from: 0, to: runs.count, by: 4) {
            for offset in 0..<runs[index + 1] {
                let scalar = runs[index] + offset * runs[index + 2]
                forms[UInt32(scalar)] = UInt32(scalar + runs[index + 3])
            }
        }
        return forms
    }()

    private static let ascii: [Int16] = (0..<0x80).map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }

    static func apply(to text: inout AlignedText) {
        if text.mapASCII(ascii) { return }
        let forms = forms
        var edits: [ScalarEdit] = []
        edits.reserveCapacity(text.utf8.count)
        for scalar in text.scalars {
            if scalar < 0x80 {
                let isCapital = (0x41...0x5A).contains(scalar)
                edits.append(ScalarEdit(scalar: isCapital ? scalar + 0x20 : scalar, replaced: 1))
            } else if scalar == capitalIWithDot {
                edits.append(ScalarEdit(scalar: 0x69, replaced: 1))
                edits.append(ScalarEdit(scalar: 0x307, replaced: 0))
            } else {
                edits.append(ScalarEdit(scalar: forms[scalar] ?? scalar, replaced: 1))
            }
        }
        text.apply(edits)
    }
}
