import Primitives
import Synchronization

/// What one call that encodes needs besides the tables: the ids so far, and the pieces that it remembers.
///
/// Used by one call at a time; ``EncodingWorkspaces`` lends it.
final class EncodingWorkspace: @unchecked Sendable {
    /// `nil` where pieces are not to be remembered.
    let cache: PieceCache?
    private var storage: UnsafeMutablePointer<TokenID>
    private var capacity: Int
    private(set) var count = 0

    /// Room for more ids than this is given back after use.
    private static let mostKept = 1 << 20

    /// So many ids more than asked for may be written at any time.
    static let slack = 80

    init(cachesPieces: Bool = true) {
        cache = cachesPieces ? PieceCache() : nil
        capacity = 1 << 10
        storage = .allocate(capacity: capacity)
    }

    deinit { storage.deallocate() }

    /// Appends the id of an added token.
    func append(_ id: TokenID) {
        cursor(room: 1).pointee = id
        count += 1
    }

    /// The ids since this was last called.
    func takeIDs() -> [TokenID] {
        let ids = Array(UnsafeBufferPointer(start: storage, count: count))
        count = 0
        if capacity > Self.mostKept {
            storage.deallocate()
            capacity = Self.mostKept
            storage = .allocate(capacity: capacity)
        }
        return ids
    }

    /// Where the next ids are to be written. There is room for as many as asked for, and ``slack``.
    @inline(__always)
    func cursor(room: Int) -> UnsafeMutablePointer<TokenID> {
        if count + room + Self.slack > capacity { grow(room: room) }
        return storage + count
    }

    /// The last place at which there is still room for ``slack`` ids.
    @inline(__always)
    var lastCursor: UnsafeMutablePointer<TokenID> { storage + (capacity - Self.slack) }

    /// Takes in what was written before `cursor`.
    @inline(__always)
    func advance(to cursor: UnsafeMutablePointer<TokenID>) { count = cursor - storage }

    private func grow(room: Int) {
        let larger = max(capacity * 2, count + room + Self.slack)
        let moved = UnsafeMutablePointer<TokenID>.allocate(capacity: larger)
        moved.moveInitialize(from: storage, count: count)
        storage.deallocate()
        storage = moved
        capacity = larger
    }
}

/// Workspaces that no call is using; each call borrows one, so that none waits for another.
final class EncodingWorkspaces: Sendable {
    private let idle = Mutex<[EncodingWorkspace]>([])
    private let cachesPieces: Bool

    init(cachesPieces: Bool = true) { self.cachesPieces = cachesPieces }

    func withWorkspace<Result>(_ body: (EncodingWorkspace) -> Result) -> Result {
        let workspace = idle.withLock { $0.popLast() } ?? EncodingWorkspace(cachesPieces: cachesPieces)
        defer { idle.withLock { $0.append(workspace) } }
        return body(workspace)
    }
}
