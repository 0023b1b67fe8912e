import Primitives

/// The entries of a byte-pair vocabulary, found by their text and by their id.
///
/// Texts are compared by their UTF-8: `String` equality is canonical equivalence and would join different entries.
struct Vocabulary: Sendable {
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

    init(_ component: FileComponent) throws(TokenizerError) {
        guard let members = component.value?.objectValue?.members else {
            throw component.unsupported("an object of texts and their ids")
        }
        let largestLimit = 1 << 24
        var limit = 0
        for member in members {
            guard let id = member.value.integerValue, id >= 0, id < largestLimit else {
                throw component[member.key].unsupported("an id from 0 to \(largestLimit - 1)")
            }
            limit = max(limit, id + 1)
        }
        idLimit = limit
        starts = Array(repeating: 0, count: limit)
        lengths = Array(repeating: -1, count: limit)
        var size = 16
        while size < members.count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        for member in members {
            guard let id = member.value.integerValue, lengths[id] < 0 else {
                throw component[member.key].unsupported("an id that no other entry has")
            }
            let bytes = Array(member.key.utf8)
            starts[id] = Int32(text.count)
            lengths[id] = Int32(bytes.count)
            text.append(contentsOf: bytes)
            slots[bytes.withUnsafeBufferPointer(slot(of:))] = TokenID(id)
        }
        count = members.count
    }

    func id(of entry: String) -> TokenID? { id(of: Array(entry.utf8)[...]) }

    func id(of entry: ArraySlice<UInt8>) -> TokenID? {
        let id = slots[entry.withUnsafeBufferPointer(slot(of:))]
        return id < 0 ? nil : id
    }

    /// The text of an entry, or `nil` when there is none of this id.
    func entry(_ id: Int) -> String? {
        guard id < idLimit, lengths[id] >= 0 else { return nil }
        let start = Int(starts[id])
        return String(decoding: text[start..<start + Int(lengths[id])], as: UTF8.self)
    }

    private func slot(of entry: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: ByteHash.hash(entry)) & mask
        while slots[index] >= 0, !holds(slots[index], entry) { index = (index + 1) & mask }
        return index
    }

    private func holds(_ id: TokenID, _ entry: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = Int(starts[Int(id)])
        return Int(lengths[Int(id)]) == entry.count && text[start..<start + entry.count].elementsEqual(entry)
    }
}
