/// Texts one after the other in one array of UTF-8 bytes, found by number.
///
/// Invariant: `offsets` starts with 0, never falls, and ends with the number of bytes.
struct TextPool: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [Int] = [0]

    init() {}

    /// - Returns: `nil` where the offsets are none of a pool or the bytes are not UTF-8.
    init?(bytes: [UInt8], offsets: [Int]) {
        guard offsets.first == 0, offsets.last == bytes.count, zip(offsets, offsets.dropFirst()).allSatisfy(<=),
            String(validating: bytes, as: UTF8.self) != nil
        else { return nil }
        self.bytes = bytes
        self.offsets = offsets
    }

    var count: Int { offsets.count - 1 }

    subscript(index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }

    func range(_ index: Int) -> Range<Int> { offsets[index]..<offsets[index + 1] }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        offsets.append(bytes.count)
    }
}

/// A pool that holds every text once. Texts are the same when their bytes are.
struct TextInterner {
    private(set) var pool = TextPool()
    private var numbers: [[UInt8]: Int32] = [:]
    private var last: (text: String, number: Int32)?

    mutating func number(of text: String) -> Int32 {
        if let last, last.text.utf8.elementsEqual(text.utf8) { return last.number }
        let key = Array(text.utf8)
        let number: Int32
        if let known = numbers[key] {
            number = known
        } else {
            number = Int32(pool.count)
            numbers[key] = number
            pool.append(text)
        }
        last = (text, number)
        return number
    }
}
