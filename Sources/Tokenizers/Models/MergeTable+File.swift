import Primitives

extension MergeTable {
    /// Reads merges, written as `"a b"` or as `["a", "b"]`; of two with the same parts the later one counts.
    ///
    /// - Parameter droppedCount: how many bytes of the right part its product leaves out.
    init(
        _ component: FileComponent, _ vocabulary: Vocabulary, droppingFromRight droppedCount: Int = 0
    ) throws(TokenizerError) {
        guard let rows = component.value?.arrayValue else { throw component.unsupported("an array of merges") }
        self.init(capacity: rows.count + 1)
        var joined: [UInt8] = []
        for (rank, row) in rows.enumerated() {
            func refuse(_ expected: String) -> TokenizerError {
                FileComponent(file: component.file, path: "\(component.path)[\(rank)]", value: row)
                    .unsupported(expected)
            }
            joined.removeAll(keepingCapacity: true)
            var leftCount = -1
            switch row {
            case .string(let text):
                let bytes = text.utf8
                joined.append(contentsOf: bytes)
                let spaces = joined.indices.filter { joined[$0] == UInt8(ascii: " ") }
                if spaces.count == 1 {
                    leftCount = spaces[0]
                    joined.remove(at: leftCount)
                }
            case .array(let parts):
                if parts.count == 2, let left = parts[0].stringValue, let right = parts[1].stringValue {
                    joined.append(contentsOf: left.utf8)
                    leftCount = joined.count
                    joined.append(contentsOf: right.utf8)
                }
            default: break
            }
            guard leftCount >= 0 else { throw refuse("two parts") }
            guard let left = vocabulary.id(of: joined[..<leftCount]),
                let right = vocabulary.id(of: joined[leftCount...]), joined.count >= leftCount + droppedCount
            else { throw refuse("parts and a product that are all in the vocabulary") }
            joined.removeSubrange(leftCount..<leftCount + droppedCount)
            guard let product = vocabulary.id(of: joined[...]) else {
                throw refuse("parts and a product that are all in the vocabulary")
            }
            insert(left, right, rank: rank, product: product)
        }
    }
}
