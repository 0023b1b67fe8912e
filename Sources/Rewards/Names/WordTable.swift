/// A fixed set of words; asking for one allocates nothing.
struct WordSet: Sendable, ExpressibleByArrayLiteral {
    private let table: ByteTable<Bool>

    init(arrayLiteral words: String...) { table = ByteTable(words.map { (key: $0, value: true) }) }

    func contains(_ word: [UInt8]) -> Bool { table.find(word, 0..<word.count) != nil }
}

/// A fixed table from words to others; looking one up allocates nothing.
struct WordTable: Sendable, ExpressibleByDictionaryLiteral {
    private let table: ByteTable<[UInt8]>

    init(dictionaryLiteral pairs: (String, String)...) {
        table = ByteTable(pairs.map { (key: $0.0, value: Array($0.1.utf8)) })
    }

    subscript(_ word: [UInt8]) -> [UInt8]? { table.find(word, 0..<word.count) }
}
