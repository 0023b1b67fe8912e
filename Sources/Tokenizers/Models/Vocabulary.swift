import Primitives

/// The entries of a vocabulary, found by their text and by their id.
///
/// Texts are compared by their UTF-8: `String` equality is canonical equivalence and would join different entries.
struct Vocabulary: Sendable {
    private static let largestLimit = 1 << 24

    /// The number of entries.
    private(set) var count = 0
    /// One more than the largest id.
    let idLimit: Int
    /// The UTF-8 of all entries; entry `id` lies at `starts[id]..<starts[id] + lengths[id]`, of length -1 when there is
    /// no such entry.
    private var text: [UInt8] = []
    private var starts: [Int32]
    private var lengths: [Int32]
    /// Open addressing by the hash of the text; -1 is free.
    private var slots: [TokenID]

    private init(capacity: Int, idLimit: Int) {
        self.idLimit = idLimit
        starts = Array(repeating: 0, count: idLimit)
        lengths = Array(repeating: -1, count: idLimit)
        var size = 16
        while size < capacity + capacity / 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
    }

    /// Takes tables from a file; `nil` when looking up in them could fail.
    init?(text: [UInt8], starts: [Int32], lengths: [Int32], slots: [TokenID]) {
        guard starts.count == lengths.count, starts.count <= Self.largestLimit, slots.count >= 16,
            slots.count.nonzeroBitCount == 1
        else { return nil }
        idLimit = starts.count
        let textCount = text.count
        var unsoundCount = 0
        var entryCount = 0
        starts.withUnsafeBufferPointer { starts in
            lengths.withUnsafeBufferPointer { lengths in
                for id in 0..<starts.count {
                    let isEntry = lengths[id] >= 0
                    entryCount += isEntry ? 1 : 0
                    let end = Int(starts[id]) &+ Int(lengths[id])
                    unsoundCount += isEntry && (starts[id] < 0 || end > textCount) ? 1 : 0
                }
                for slot in slots where slot >= 0 {
                    entryCount -= 1
                    unsoundCount += Int(slot) >= lengths.count || lengths[Int(slot)] < 0 ? 1 : 0
                }
            }
        }
        count = lengths.count { $0 >= 0 }
        guard unsoundCount == 0, entryCount == 0, count < slots.count else { return nil }
        self.text = text
        self.starts = starts
        self.lengths = lengths
        self.slots = slots
    }

    /// Passes on what the initializer above takes, in its order.
    func withSections(_ body: (UnsafeRawBufferPointer) -> Void) {
        text.withUnsafeBytes(body)
        starts.withUnsafeBytes(body)
        lengths.withUnsafeBytes(body)
        slots.withUnsafeBytes(body)
    }

    /// Reads an object of texts and their ids.
    init(_ component: FileComponent) throws(TokenizerError) {
        guard let members = component.value?.objectValue?.members else {
            throw component.unsupported("an object of texts and their ids")
        }
        var limit = 0
        for member in members {
            guard let id = member.value.integerValue, id >= 0, id < Self.largestLimit else {
                throw component[member.key].unsupported("an id from 0 to \(Self.largestLimit - 1)")
            }
            limit = max(limit, id + 1)
        }
        self.init(capacity: members.count, idLimit: limit)
        for member in members {
            guard let id = member.value.integerValue, insert(member.key, id: id) else {
                throw component[member.key].unsupported("an id that no other entry has")
            }
        }
    }

    /// Reads an array of texts and their scores, whose places are the ids.
    static func scored(
        _ component: FileComponent
    ) throws(TokenizerError) -> (vocabulary: Vocabulary, scores: [Double]) {
        let expected = "an array of texts and their scores"
        let rows = try component.elements(expected)
        guard rows.count <= largestLimit else { throw component.unsupported("at most \(largestLimit) entries") }
        var vocabulary = Vocabulary(capacity: rows.count, idLimit: rows.count)
        var scores: [Double] = []
        for (id, row) in rows.enumerated() {
            guard let pair = row.value?.arrayValue, pair.count == 2, let text = pair[0].stringValue,
                let score = pair[1].doubleValue
            else { throw row.unsupported("a text and its score") }
            guard vocabulary.insert(text, id: id) else { throw row.unsupported("a text that is listed once") }
            scores.append(ReferenceNumber.asRead(score))
        }
        return (vocabulary, scores)
    }

    /// Whether the entry is new in text and id.
    private mutating func insert(_ entry: String, id: Int) -> Bool {
        var entry = entry
        guard lengths[id] < 0 else { return false }
        return entry.withUTF8 { bytes in
            let slot = slot(of: bytes)
            guard slots[slot] < 0 else { return false }
            starts[id] = Int32(text.count)
            lengths[id] = Int32(bytes.count)
            text.append(contentsOf: bytes)
            slots[slot] = TokenID(id)
            count += 1
            return true
        }
    }

    func id(of entry: String) -> TokenID? {
        var entry = entry
        return entry.withUTF8 { id(of: $0) }
    }

    func id(of entry: ArraySlice<UInt8>) -> TokenID? { entry.withUnsafeBufferPointer { id(of: $0) } }

    func id(of entry: UnsafeBufferPointer<UInt8>) -> TokenID? {
        let id = slots[slot(of: entry)]
        return id < 0 ? nil : id
    }

    /// The text of an entry, or `nil` when there is none of this id.
    func entry(_ id: Int) -> String? { utf8(id).map { String(decoding: $0, as: UTF8.self) } }

    /// The UTF-8 of an entry.
    func utf8(_ id: Int) -> ArraySlice<UInt8>? {
        guard id >= 0, id < idLimit, lengths[id] >= 0 else { return nil }
        let start = Int(starts[id])
        return text[start..<start + Int(lengths[id])]
    }

    private func slot(of entry: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: ByteHash.hash(entry)) & mask
        while slots[index] >= 0, !holds(slots[index], entry) { index = (index + 1) & mask }
        return index
    }

    private func holds(_ id: TokenID, _ entry: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(starts[Int(id)])
        guard Int(lengths[Int(id)]) == entry.count else { return false }
        for offset in 0..<entry.count where text[start + offset] != entry[offset] { return false }
        return true
    }
}
