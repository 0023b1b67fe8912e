import Primitives
import Storage

/// An index in a directory as it was when it was opened. Later commits do not change it, and any number of threads may
/// search it at once; `refreshed()` gives the newest state.
public final class RetrievalIndex: Sendable {
    /// A document that was found.
    public struct Hit: Sendable, Hashable {
        public var id: String
        /// The BM25 score; higher is more relevant.
        public var score: Double
        fileprivate var segment: Int
        fileprivate var position: Int
    }

    public let directory: String
    public let configuration: IndexConfiguration
    /// Grows with each commit.
    public let generation: Int
    /// The latest date of a document, from which recency is counted where nothing else is asked for.
    public let newestDate: PublicationDate?
    let manifest: IndexManifest
    private let ranking: BM25

    /// The file whose checksum is that of an index's whole content.
    public static func manifestPath(of directory: String) -> String { IndexManifest.path(directory) }

    /// - Throws: ``RetrievalError``, where a file is missing, damaged or of another version.
    public convenience init(directory: String) throws(RetrievalError) {
        try self.init(directory: directory, known: [:])
    }

    private init(directory: String, known: [IndexManifest.Entry: SegmentView]) throws(RetrievalError) {
        var manifest = try IndexManifest.load(directory)
        var views: [SegmentView] = []
        while true {
            do throws(RetrievalError) {
                views = []
                for entry in manifest.segments {
                    if let view = known[entry] {
                        views.append(view)
                    } else {
                        views.append(try Self.open(entry, in: directory, configuration: manifest.configuration))
                    }
                }
                break
            } catch {
                // A writer may have merged the files away since the manifest was read.
                let newer = try IndexManifest.load(directory)
                guard newer.generation != manifest.generation else { throw error }
                manifest = newer
            }
        }
        self.directory = directory
        self.manifest = manifest
        configuration = manifest.configuration
        generation = manifest.generation
        newestDate = manifest.segments.compactMap { $0.newest.flatMap { PublicationDate($0) } }.max()
        ranking = BM25(views, k1: configuration.k1, b: configuration.b, delta: configuration.delta)
    }

    static func open(
        _ entry: IndexManifest.Entry, in directory: String, configuration: IndexConfiguration
    ) throws(RetrievalError) -> SegmentView {
        let path = directory + "/" + entry.file
        let segment = try Segment(path: path)
        guard segment.checksum == entry.checksum, segment.documentCount == entry.documents,
            segment.configurationChecksum == configuration.checksum
        else { throw .damaged(path: path, problem: "this is another segment than the manifest names") }
        guard let deletions = entry.deletions else { return SegmentView(segment) }
        return SegmentView(
            segment, deleted: try Self.deletions(deletions, in: directory, documents: segment.documentCount))
    }

    private static func deletions(
        _ deletions: IndexManifest.Deletions, in directory: String, documents: Int
    ) throws(RetrievalError) -> [UInt32] {
        let path = directory + "/" + deletions.file
        let bytes: [UInt8]
        do throws(StorageError) { bytes = try FileStore.read(path) } catch {
            throw error.isMissing ? .damaged(path: path, problem: "this file of the index is missing") : .storage(error)
        }
        let numbers = bytes.withUnsafeBytes { bytes in (0..<bytes.count / 4).map { bytes.number32($0) } }
        guard bytes.count == deletions.count * 4, Hexadecimal.text(Checksum.of(bytes)) == deletions.checksum,
            zip(numbers, numbers.dropFirst()).allSatisfy(<), (numbers.last ?? 0) < UInt32(max(documents, 1))
        else { throw .damaged(path: path, problem: "its checksum is wrong") }
        return numbers
    }

    /// The newest state: this object if nothing was committed since.
    public func refreshed() throws(RetrievalError) -> RetrievalIndex {
        if try IndexManifest.load(directory).generation == generation { return self }
        return try RetrievalIndex(
            directory: directory,
            known: Dictionary(uniqueKeysWithValues: zip(manifest.segments, ranking.segments)))
    }

    public var documentCount: Int { ranking.documentCount }

    public var segmentCount: Int { ranking.segments.count }

    var views: [SegmentView] { ranking.segments }

    /// The most relevant documents by descending score, at equal score by ascending id.
    public func search(_ query: String, limit: Int) -> [Hit] { search(terms(of: query), limit: limit) }

    func terms(of text: String) -> [(term: [UInt8], weight: Double)] {
        configuration.analyzer.terms(of: text).map { ($0, 1) }
    }

    func search(_ terms: [(term: [UInt8], weight: Double)], limit: Int) -> [Hit] {
        ranking.best(terms, limit: limit).map { hit in
            Hit(
                id: String(decoding: ranking.id(hit), as: UTF8.self), score: Double(hit.score), segment: hit.segment,
                position: hit.document)
        }
    }

    /// How rare a term is: its inverse document frequency.
    func rarity(of term: [UInt8]) -> Double { ranking.rarity(of: term) }

    /// A document that this object found.
    public func document(_ hit: Hit) -> RetrievalDocument {
        document(ranking.segments[hit.segment].segment, hit.position)
    }

    public func document(id: String) -> RetrievalDocument? {
        var id = id
        return id.withUTF8 { bytes in
            for view in ranking.segments {
                if let position = view.segment.document(id: UnsafeRawBufferPointer(bytes)), !view.isDeleted(position) {
                    return document(view.segment, position)
                }
            }
            return nil
        }
    }

    /// All documents, by segment and id.
    public func forEachDocument(_ body: (RetrievalDocument) throws -> Void) rethrows {
        for view in ranking.segments {
            for position in 0..<view.segment.documentCount where !view.isDeleted(position) {
                try body(document(view.segment, position))
            }
        }
    }

    private func document(_ segment: Segment, _ position: Int) -> RetrievalDocument {
        func text(_ part: Int) -> String { String(decoding: segment.stored(part, of: position), as: UTF8.self) }
        let attributes = segment.stored(2, of: position)
        return RetrievalDocument(
            id: segment.idText(of: position), title: text(0), text: text(1),
            attributes: attributes.isEmpty ? [:] : (try? JSONValue.parse(Array(attributes)))?.objectValue ?? [:])
    }
}
