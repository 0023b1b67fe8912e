/// The names of the Greek letters.
enum GreekLetters {
    /// From `α` to `ω` in the order of Unicode, the final sigma among them.
    private static let names: [[UInt8]] = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi",
        "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ].map { Array($0.utf8) }

    /// The name of the lower-case Greek letter whose two bytes begin at `index`.
    static func name(in bytes: [UInt8], at index: Int) -> [UInt8]? {
        guard index + 1 < bytes.count, bytes[index] == 0xCE || bytes[index] == 0xCF else { return nil }
        let value = Int(bytes[index] & 0x1F) << 6 | Int(bytes[index + 1] & 0x3F)
        return (0x3B1...0x3C9).contains(value) ? names[value - 0x3B1] : nil
    }

    static func isName(_ word: some Collection<UInt8>) -> Bool { names.contains { $0.elementsEqual(word) } }

    /// The text with each Greek letter spelled; `joint` stands between a name and an adjacent letter, and before it also
    /// after a digit. A word of Greek letters only (`λόγος`) is left alone.
    static func spelled(_ bytes: [UInt8], joint: UInt8) -> [UInt8] {
        guard bytes.contains(where: { $0 == 0xCE || $0 == 0xCF }) else { return bytes }
        var result: [UInt8] = []
        var index = 0
        var followsName = false
        while index < bytes.count {
            if let name = name(in: bytes, at: index), !followsName, GreekLetters.name(in: bytes, at: index + 2) == nil {
                if let last = result.last, NameByte.isWord(last) { result.append(joint) }
                result.append(contentsOf: name)
                index += 2
                followsName = true
            } else {
                if followsName, NameByte.isLetter(bytes[index]) { result.append(joint) }
                followsName = false
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
