/// Whether an abbreviation is made of a name's initials.
enum Initials {
    /// Words that an abbreviation may leave out.
    private static let optional: Set<String> = ["of", "the", "and", "in", "with", "to", "for", "a", "an", "by", "on"]

    /// The initials of all words in their order, and of a compound's second part where the first ends in `o` (`AIDS`).
    static func make(_ abbreviation: [UInt8], of words: [[UInt8]]) -> Bool {
        guard (2...12).contains(abbreviation.count), abbreviation.allSatisfy(NameByte.isWord), words.count <= 24 else {
            return false
        }
        // Bit i says that the first i letters of the abbreviation can be explained so far.
        var reached: UInt32 = 1
        for word in words {
            var next: UInt32 = optional.contains(String(decoding: word, as: UTF8.self)) ? reached : 0
            for position in abbreviation.indices where reached & 1 << UInt32(position) != 0 {
                guard abbreviation[position] == word.first else { continue }
                next |= 1 << UInt32(position + 1)
                if position + 1 < abbreviation.count, startsPart(of: word, with: abbreviation[position + 1]) {
                    next |= 1 << UInt32(position + 2)
                }
            }
            reached = next
        }
        return reached & 1 << UInt32(abbreviation.count) != 0
    }

    private static func startsPart(of word: [UInt8], with letter: UInt8) -> Bool {
        word.indices.contains { $0 >= 3 && word[$0] == letter && word[$0 - 1] == UInt8(ascii: "o") }
    }
}
