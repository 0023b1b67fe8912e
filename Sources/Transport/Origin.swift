/// The requests to one scheme, host and port: how many are under way, and which wait, in the order in which they came.
///
/// Invariants: for the loop's thread alone. The queue is a chain through the transfers themselves, so that a cancelled one
/// leaves it at once and in constant time. Requests wait only while `limit` are under way.
final class Origin {
    let name: Substring
    private let limit: Int
    private(set) var inFlight = 0
    private(set) var queued = 0
    private var first: Transfer?
    private var last: Transfer?

    init(name: Substring, limit: Int) { (self.name, self.limit) = (name, limit) }

    var isIdle: Bool { inFlight == 0 && queued == 0 }

    /// Whether the transfer may begin now; otherwise it waits.
    func admit(_ transfer: Transfer) -> Bool {
        transfer.origin = self
        if inFlight < limit {
            inFlight += 1
            return true
        }
        transfer.previous = last
        if let last { last.next = transfer } else { first = transfer }
        last = transfer
        queued += 1
        return false
    }

    /// A transfer under way has ended; the one whose turn it is now, if there is one, is under way with this call.
    func release() -> Transfer? {
        inFlight -= 1
        guard let transfer = removeFirst() else { return nil }
        inFlight += 1
        return transfer
    }

    /// Takes the transfer that has waited longest out of the queue.
    func removeFirst() -> Transfer? {
        guard let transfer = first else { return nil }
        leave(transfer)
        return transfer
    }

    /// Takes a waiting transfer out of the queue.
    func leave(_ transfer: Transfer) {
        if let previous = transfer.previous { previous.next = transfer.next } else { first = transfer.next }
        if let next = transfer.next { next.previous = transfer.previous } else { last = transfer.previous }
        (transfer.previous, transfer.next) = (nil, nil)
        queued -= 1
    }
}
