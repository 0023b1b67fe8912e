/// Makes one segment of several without analysing their documents again.
enum SegmentMerger {
    /// - Precondition: each segment is sorted by id, and no id is in two of them (deleted documents aside).
    static func merge(_ views: [SegmentView], configurationChecksum: UInt64) -> [UInt8] {
        var places: [(view: Int, document: Int)] = []
        for (index, view) in views.enumerated() {
            for document in 0..<view.segment.documentCount where !view.isDeleted(document) {
                places.append((index, document))
            }
        }
        func id(_ place: (view: Int, document: Int)) -> UnsafeRawBufferPointer {
            views[place.view].segment.id(of: place.document)
        }
        if views.count > 1 { places.sort { ByteOrder.precedes(id($0), id($1)) } }

        var writer = SegmentWriter(configurationChecksum: configurationChecksum)
        var positions = views.map { [Int32](repeating: -1, count: $0.segment.documentCount) }
        for (position, place) in places.enumerated() {
            positions[place.view][place.document] = Int32(position)
            let segment = views[place.view].segment
            writer.append(
                id: id(place), length: segment.length(of: place.document),
                stored: (0..<3).map { segment.stored($0, of: place.document) })
        }
        mergeTerms(views, positions, to: &writer)
        return writer.image()
    }

    private static func mergeTerms(_ views: [SegmentView], _ positions: [[Int32]], to writer: inout SegmentWriter) {
        var next = [Int](repeating: 0, count: views.count)
        while true {
            var term: UnsafeRawBufferPointer?
            for (index, view) in views.enumerated() where next[index] < view.segment.termCount {
                let candidate = view.segment.term(next[index])
                if let best = term, !ByteOrder.precedes(candidate, best) { continue }
                term = candidate
            }
            guard let term else { return }
            var postings: [(document: Int32, frequency: UInt32)] = []
            for (index, view) in views.enumerated() where next[index] < view.segment.termCount {
                guard ByteOrder.compare(view.segment.term(next[index]), term) == 0 else { continue }
                view.segment.forEachPosting(of: next[index]) { document, frequency in
                    let position = positions[index][document]
                    if position >= 0 { postings.append((position, frequency)) }
                }
                next[index] += 1
            }
            if views.count > 1 { postings.sort { $0.document < $1.document } }
            for posting in postings { writer.post(document: Int(posting.document), frequency: posting.frequency) }
            writer.finish(term: term)
        }
    }
}
