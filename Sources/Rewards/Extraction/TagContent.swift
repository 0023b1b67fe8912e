/// What stands between an opening tag and the next closing one, for each pair of a text from left to right.
struct TagContent {
    private let structure: StructureScanner

    init(_ name: String) { structure = StructureScanner(tagName: name) }

    func contents(of bytes: [UInt8], work: inout Work) throws(AnswerProblem) -> [Range<Int>] {
        var contents: [Range<Int>] = []
        var start: Int?
        for tag in try structure.tags(in: bytes, work: &work) where tag.name == structure.name {
            if let open = start, tag.isClosing {
                contents.append(open..<tag.range.lowerBound)
                start = nil
            } else if start == nil, !tag.isClosing {
                start = tag.range.upperBound
            }
        }
        return contents
    }
}
