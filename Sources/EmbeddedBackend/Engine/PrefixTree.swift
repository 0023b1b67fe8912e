/// Which token sequences have keys and values, so that a prefix is computed once.
///
/// A path from the root spells a prefix in nodes of 16 tokens; a node of fewer tokens is the end of a prompt or of a
/// finished sequence and has no children.
///
/// Invariants
/// * Guarded by the lock of the scheduler that owns the tree.
/// * Below an attached node, a ready one's ancestors are ready; a pending node has one sequence that computes it.
/// * A pinned node's ancestors are pinned by the same sequences, and pinned nodes are never evicted.
final class PrefixTree {
    final class Node {
        enum State {
            /// A running sequence is computing it.
            case pending
            case ready
            /// No longer in the tree.
            case detached
        }

        let tokens: [Int32]
        fileprivate(set) var state: State
        fileprivate(set) var page: CachePage?
        /// The normalised final state of the last position, where a prompt ended.
        fileprivate(set) var finalState: FloatBuffer?
        /// Whether the sequence that computes the node will leave a final state.
        let endsPrompt: Bool
        fileprivate var children: [Int32: [Node]] = [:]
        fileprivate weak var parent: Node?
        fileprivate var pins = 0
        fileprivate var stamp = 0

        init(tokens: [Int32], state: State, page: CachePage?, endsPrompt: Bool = false) {
            self.tokens = tokens
            self.state = state
            self.page = page
            self.endsPrompt = endsPrompt
        }

        var isPinned: Bool { pins > 0 }
    }

    /// How much of a token sequence the tree holds.
    struct Match {
        /// Whole pages, in order.
        var path: [Node] = []
        /// A node whose first `count` tokens follow.
        var partial: (node: Node, count: Int)?
        /// The node at whose end all of the tokens are spelled.
        var end: Node?
    }

    private let root = Node(tokens: [], state: .ready, page: nil)
    /// Nodes in the order in which they were last unpinned; entries with an old stamp are void.
    private var queue: [(node: Node, stamp: Int)] = []
    private var queueStart = 0
    private var clock = 0
    /// Attached nodes that are not pinned.
    private(set) var evictableCount = 0
    private(set) var evictedCount = 0

    /// The longest match of `tokens`.
    func match(_ tokens: [Int32]) -> Match {
        var match = Match()
        var node = root
        var start = 0
        while start < tokens.count {
            let remaining = tokens.count - start
            var best: (node: Node, count: Int)?
            for child in node.children[tokens[start]] ?? [] {
                let limit = min(child.tokens.count, remaining)
                var count = 1
                while count < limit, child.tokens[count] == tokens[start + count] { count += 1 }
                let isEnd = count == remaining && count == child.tokens.count
                let isBetter = best.map { count > $0.count || count == $0.count && $0.node.state == .pending } ?? true
                if isEnd || isBetter { best = (child, count) }
                if isEnd { break }
            }
            guard let best else { return match }
            if best.count == remaining && best.count == best.node.tokens.count { match.end = best.node }
            guard best.count == CachePage.positions else {
                match.partial = best
                return match
            }
            match.path.append(best.node)
            node = best.node
            start += best.count
        }
        return match
    }

    /// Adds pending nodes for `tokens` below a path; the last one will get a final state. They start pinned.
    func addPending(_ tokens: ArraySlice<Int32>, below path: [Node]) -> [Node] {
        var parent = path.last ?? root
        return stride(from: tokens.startIndex, to: tokens.endIndex, by: CachePage.positions).map { start in
            let end = min(start + CachePage.positions, tokens.endIndex)
            let node = Node(
                tokens: Array(tokens[start..<end]), state: .pending, page: nil, endsPrompt: end == tokens.endIndex)
            attach(node, to: parent)
            node.pins = 1
            evictableCount -= 1
            parent = node
            return node
        }
    }

    /// Marks a pending node as computed.
    func complete(_ node: Node, page: CachePage) {
        guard node.state == .pending else { return }
        node.state = .ready
        node.page = page
    }

    func setFinalState(_ state: FloatBuffer, of node: Node) {
        if node.state == .ready, node.finalState == nil { node.finalState = state }
    }

    /// Adds what a finished sequence leaves: `tokens` with their pages.
    func add(_ tokens: ArraySlice<Int32>, pages: [CachePage]) {
        var parent = root
        var path: [Node] = []
        for (index, page) in pages.enumerated() {
            let start = tokens.startIndex + index * CachePage.positions
            guard start < tokens.endIndex else { break }
            let piece = Array(tokens[start..<min(start + CachePage.positions, tokens.endIndex)])
            let siblings = parent.children[piece[0]] ?? []
            if piece.count < CachePage.positions {
                if siblings.contains(where: { $0.state == .ready && $0.tokens.starts(with: piece) }) { break }
                // What the new tail extends is of no more use, unless it ends a prompt that may come again.
                for old in siblings
                where old.state == .ready && !old.isPinned && old.finalState == nil && piece.starts(with: old.tokens) {
                    detach(old)
                }
            } else if let known = siblings.first(where: { $0.tokens == piece }) {
                guard known.state == .ready else { break }
                parent = known
                path.append(known)
                continue
            }
            let node = Node(tokens: piece, state: .ready, page: page)
            attach(node, to: parent)
            path.append(node)
            parent = node
        }
        pin(path)
        unpin(path)
    }

    func pin(_ nodes: [Node]) {
        for node in nodes {
            if node.pins == 0, node.state != .detached { evictableCount -= 1 }
            node.pins += 1
        }
    }

    /// Unpins a path and makes it the most recently used, its end least so: what is evicted first has no children.
    func unpin(_ nodes: [Node]) {
        for node in nodes.reversed() {
            node.pins -= 1
            guard node.pins == 0, node.state != .detached else { continue }
            evictableCount += 1
            clock += 1
            node.stamp = clock
            queue.append((node, clock))
        }
        if queue.count - queueStart > 4 * evictableCount + 1024 { compact() }
    }

    /// Removes pending nodes of a sequence that will not compute them, with all that others planned below them.
    func abandon(_ nodes: [Node]) {
        if let first = nodes.first(where: { $0.state == .pending }) { detach(first) }
    }

    /// Removes the least recently used node that nobody uses. Returns false if there is none.
    func evict() -> Bool {
        while queueStart < queue.count {
            let (node, stamp) = queue[queueStart]
            queueStart += 1
            guard node.stamp == stamp, node.pins == 0, node.state == .ready else { continue }
            detach(node)
            evictedCount += 1
            if queueStart > 4096, queueStart * 2 > queue.count { compact() }
            return true
        }
        compact()
        return false
    }

    private func attach(_ node: Node, to parent: Node) {
        node.parent = parent
        parent.children[node.tokens[0], default: []].append(node)
        evictableCount += 1
    }

    private func detach(_ node: Node) {
        if let parent = node.parent {
            parent.children[node.tokens[0]]?.removeAll { $0 === node }
            if parent.children[node.tokens[0]]?.isEmpty == true { parent.children[node.tokens[0]] = nil }
        }
        var doomed = [node]
        while let next = doomed.popLast() {
            doomed += next.children.values.joined()
            next.children = [:]
            if next.pins == 0 { evictableCount -= 1 }
            next.state = .detached
            next.page = nil
            next.finalState = nil
        }
    }

    private func compact() {
        queue = queue[queueStart...].filter {
            $0.node.stamp == $0.stamp && $0.node.pins == 0 && $0.node.state == .ready
        }
        queueStart = 0
    }
}
