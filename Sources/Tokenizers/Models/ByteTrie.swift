/// Byte strings found by walking through a text.
struct ByteTrie: Sendable {
    typealias Node = Int32

    static let root: Node = 0

    /// What ends at each node; -1 for nothing.
    private var values: [Int32] = []
    /// The children of node `n` are `firstChildren[n]..<firstChildren[n + 1]`, in the order of their bytes.
    private var firstChildren: [Int32] = []
    /// The byte that leads to each node.
    private var labels: [UInt8] = []

    /// - Parameter entries: values from 0; of two equal byte strings the later one counts.
    init(_ entries: [(bytes: [UInt8], value: Int32)]) {
        let sorted = entries.enumerated().sorted { left, right in
            left.element.bytes == right.element.bytes
                ? left.offset < right.offset : left.element.bytes.lexicographicallyPrecedes(right.element.bytes)
        }.map(\.element)
        // Breadth first, so that the children of a node lie side by side and those of consecutive nodes too.
        var ranges = [0..<sorted.count]
        var depth = 0
        labels = [0]
        while !ranges.isEmpty {
            var nextRanges: [Range<Int>] = []
            for range in ranges {
                var start = range.lowerBound
                var value: Int32 = -1
                while start < range.upperBound, sorted[start].bytes.count == depth {
                    value = sorted[start].value
                    start += 1
                }
                values.append(value)
                firstChildren.append(Int32(labels.count))
                while start < range.upperBound {
                    let byte = sorted[start].bytes[depth]
                    var end = start + 1
                    while end < range.upperBound, sorted[end].bytes[depth] == byte { end += 1 }
                    labels.append(byte)
                    nextRanges.append(start..<end)
                    start = end
                }
            }
            ranges = nextRanges
            depth += 1
        }
        firstChildren.append(Int32(labels.count))
    }

    /// The value of the string that leads to `node`.
    @inline(__always)
    func value(_ node: Node) -> Int32? {
        let value = values[Int(node)]
        return value < 0 ? nil : value
    }

    @inline(__always)
    func child(of node: Node, _ byte: UInt8) -> Node? {
        var low = Int(firstChildren[Int(node)])
        var high = Int(firstChildren[Int(node) + 1])
        while low < high {
            let middle = (low + high) / 2
            if labels[middle] < byte { low = middle + 1 } else { high = middle }
        }
        return low < Int(firstChildren[Int(node) + 1]) && labels[low] == byte ? Node(low) : nil
    }

    /// The node that `bytes` lead to from `node`.
    func node(for bytes: some Sequence<UInt8>, from node: Node = root) -> Node? {
        var node = node
        for byte in bytes {
            guard let next = child(of: node, byte) else { return nil }
            node = next
        }
        return node
    }

    /// The longest string of at least one byte that begins at byte `start` of the text, and its end.
    func longestPrefix(
        of text: UnsafeBufferPointer<UInt8>, from start: Int, below root: Node = root
    ) -> (value: Int32, end: Int)? {
        var node = root
        var position = start
        var best: (value: Int32, end: Int)?
        while position < text.count, let next = child(of: node, text[position]) {
            node = next
            position += 1
            if let value = value(node) { best = (value, position) }
        }
        return best
    }
}
