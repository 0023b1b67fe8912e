import Storage

/// The pieces of all documents in their order; reads files on a queue of its own and no further than it is asked.
actor ChunkQueue {
    struct Piece: Sendable {
        /// The position among all pieces.
        var number: Int
        var document: String
        var title: String
        var source: String
        var licence: String
        /// The UTF-8 range in the document's text.
        var range: Range<Int>
        var text: String
        var isFirst: Bool
    }

    private nonisolated let executor = QueueExecutor(label: "medresearcher.chunk-queue")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let files: [String]
    private let chunker: TextChunker
    private let source: String?
    private let licence: String?
    private var nextFile = 0
    private var reader: DocumentReader?
    private var pending: ArraySlice<Piece> = []
    private var count = 0

    init(files: [String], chunker: TextChunker, source: String?, licence: String?) {
        self.files = files
        self.chunker = chunker
        self.source = source
        self.licence = licence
    }

    func next() throws(KnowledgeError) -> Piece? {
        while pending.isEmpty {
            guard let reader else {
                guard nextFile < files.count else { return nil }
                reader = try DocumentReader(path: files[nextFile], source: source, licence: licence)
                nextFile += 1
                continue
            }
            guard let document = try reader.next() else {
                self.reader = nil
                continue
            }
            let bytes = Array(document.text.utf8)
            for range in chunker.chunks(of: document.text) {
                pending.append(
                    Piece(
                        number: count, document: document.id, title: document.title, source: document.source,
                        licence: document.licence, range: range, text: String(decoding: bytes[range], as: UTF8.self),
                        isFirst: range.lowerBound == 0))
                count += 1
            }
        }
        return pending.removeFirst()
    }
}
