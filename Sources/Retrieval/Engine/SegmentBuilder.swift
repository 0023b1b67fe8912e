/// Collects documents in memory and makes a segment of them.
struct SegmentBuilder {
    private let analyzer: TextAnalyzer
    private let configurationChecksum: UInt64
    private var terms = TermTable()
    /// What became of each word as it is written, so that a word is analysed once.
    private var words = TermTable()
    private var wordTerms: [Range<Int>] = []
    private var termNumbers: [UInt32] = []
    /// How often each term counts in the document that is being read; 0 between documents.
    private var frequencies: [UInt32] = []
    private var seen: [UInt32] = []
    /// The postings, document by document.
    private var postingTerms: [UInt32] = []
    private var postingFrequencies: [UInt32] = []
    private var postingEnds: [Int] = []
    private var lengths: [UInt32] = []
    private var stored: [UInt8] = []
    /// The ends of the id and the three stored parts of each document.
    private var storedEnds: [Int] = []

    init(analyzer: TextAnalyzer, configurationChecksum: UInt64 = 0) {
        self.analyzer = analyzer
        self.configurationChecksum = configurationChecksum
    }

    var documentCount: Int { lengths.count }

    /// The memory that the documents take, without that of the terms.
    var byteCount: Int { stored.count + postingTerms.count * 8 }

    /// - Parameters:
    ///   - fields: the searchable texts and how often a word of each counts.
    ///   - stored: what ``Segment`` gives back for the document: title, text and metadata.
    mutating func add(id: String, fields: [(text: String, weight: Int)], stored parts: [String] = ["", "", ""]) {
        var length = 0
        for field in fields where field.weight > 0 && !field.text.isEmpty {
            length += count(field.text, weight: UInt32(field.weight))
        }
        for term in seen {
            postingTerms.append(term)
            postingFrequencies.append(frequencies[Int(term)])
            frequencies[Int(term)] = 0
        }
        seen.removeAll(keepingCapacity: true)
        postingEnds.append(postingTerms.count)
        lengths.append(UInt32(clamping: length))
        for part in [id] + parts {
            stored.append(contentsOf: part.utf8)
            storedEnds.append(stored.count)
        }
    }

    /// The weighted number of terms of a text.
    private mutating func count(_ text: String, weight: UInt32) -> Int {
        var count = 0
        analyzer.forEachWord(of: text) { bytes in
            let (word, isNew) = words.number(of: bytes)
            if isNew { analyze(bytes) }
            for index in wordTerms[word] {
                let term = termNumbers[index]
                if frequencies[Int(term)] == 0 { seen.append(term) }
                frequencies[Int(term)] &+= weight
                count += Int(weight)
            }
        }
        return count
    }

    private mutating func analyze(_ word: UnsafeBufferPointer<UInt8>) {
        let start = termNumbers.count
        for term in analyzer.terms(ofWord: word) {
            let (number, isNew) = term.withUnsafeBufferPointer { terms.number(of: $0) }
            if isNew { frequencies.append(0) }
            termNumbers.append(UInt32(number))
        }
        wordTerms.append(start..<termNumbers.count)
    }

    /// The segment of the documents, by ascending id if `sortsByID`, else as they were added.
    /// - Parameter dropped: the numbers of documents that are left out.
    func image(sortsByID: Bool = true, without dropped: Set<Int> = []) -> [UInt8] {
        stored.withUnsafeBytes { stored in
            var order = Array(0..<documentCount)
            if !dropped.isEmpty { order.removeAll { dropped.contains($0) } }
            func id(_ document: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: stored[part(document, 0)])
            }
            if sortsByID { order.sort { ByteOrder.precedes(id($0), id($1)) } }
            var writer = SegmentWriter(configurationChecksum: configurationChecksum)
            for document in order {
                writer.append(
                    id: id(document), length: lengths[document],
                    stored: (1...3).map { UnsafeRawBufferPointer(rebasing: stored[part(document, $0)]) })
            }
            appendPostings(order, to: &writer)
            return writer.image()
        }
    }

    private func part(_ document: Int, _ part: Int) -> Range<Int> {
        let index = document * 4 + part
        return (index == 0 ? 0 : storedEnds[index - 1])..<storedEnds[index]
    }

    private func appendPostings(_ order: [Int], to writer: inout SegmentWriter) {
        // Sorted by term by counting; documents are visited in order, so the postings of each term ascend.
        var starts = [Int](repeating: 0, count: terms.count + 1)
        for term in postingTerms { starts[Int(term) + 1] += 1 }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        var next = starts
        var documents = [UInt32](repeating: 0, count: postingTerms.count)
        var counts = documents
        for (position, document) in order.enumerated() {
            for posting in (document == 0 ? 0 : postingEnds[document - 1])..<postingEnds[document] {
                let place = next[Int(postingTerms[posting])]
                next[Int(postingTerms[posting])] = place + 1
                documents[place] = UInt32(position)
                counts[place] = postingFrequencies[posting]
            }
        }
        terms.bytes.withUnsafeBytes { bytes in
            func text(_ term: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[terms.range(term)])
            }
            for term in (0..<terms.count).sorted(by: { ByteOrder.precedes(text($0), text($1)) }) {
                // Behind the postings is the room of those of dropped documents.
                for place in starts[term]..<next[term] {
                    writer.post(document: Int(documents[place]), frequency: counts[place])
                }
                writer.finish(term: text(term))
            }
        }
    }
}
