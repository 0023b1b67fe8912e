import Synchronization

/// The memory of all caches of an engine.
///
/// Invariant: pages in use and memory kept for new ones are together at most `capacity` pages.
final class PageStore: Sendable {
    private struct State: ~Copyable {
        var free: [FloatBuffer] = []
        var used = 0
        var mostUsed = 0
    }

    let layout: CachePage.Layout
    /// The greatest number of pages.
    let capacity: Int
    private let state = Mutex(State())

    init(layout: CachePage.Layout, capacity: Int) {
        self.layout = layout
        self.capacity = capacity
    }

    var used: Int { state.withLock { $0.used } }
    var mostUsed: Int { state.withLock { $0.mostUsed } }

    /// A page with undefined contents, or nil when all are in use.
    func allocate() -> CachePage? {
        let memory = state.withLock { state -> FloatBuffer?? in
            guard state.used < capacity else { return .none }
            state.used += 1
            state.mostUsed = max(state.mostUsed, state.used)
            return .some(state.free.popLast())
        }
        guard let memory else { return nil }
        return CachePage(memory: memory ?? FloatBuffer(count: layout.count), store: self)
    }

    func takeBack(_ memory: FloatBuffer) {
        state.withLock { state in
            state.used -= 1
            state.free.append(memory)
        }
    }
}
