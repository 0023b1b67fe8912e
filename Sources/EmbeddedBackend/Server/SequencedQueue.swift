/// Requests of one model, handed out strictly in the order of their sequence numbers; a missing number holds back all
/// later ones.
///
/// Invariant: every waiting number is at least ``next``.
struct SequencedQueue<Element> {
    /// The number that is handed out next.
    private(set) var next: Int
    private var waiting: [Int: Element] = [:]

    init(startingAt first: Int) { next = first }

    var isEmpty: Bool { waiting.isEmpty }

    /// Adds an element. The number must be new.
    mutating func insert(_ element: Element, at number: Int) {
        precondition(number >= next && waiting[number] == nil, "sequence number \(number) was used before")
        waiting[number] = element
    }

    mutating func popReady() -> Element? {
        guard let element = waiting.removeValue(forKey: next) else { return nil }
        next += 1
        return element
    }

    /// Empties the queue; the elements come in the order of their numbers.
    mutating func removeAll() -> [Element] {
        defer { waiting = [:] }
        return waiting.sorted { $0.key < $1.key }.map(\.value)
    }
}
