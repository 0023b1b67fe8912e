import Primitives
import Storage

/// Changes an index: what was added and deleted is there for readers from the moment that ``commit()`` returns, and not at
/// all if the process ends before.
///
/// Invariants: one writer at a time holds the lock; files that a manifest names are never changed; each id is in one
/// segment at most, deleted documents aside. Not for several threads at once.
public final class IndexWriter {
    /// What a commit did.
    public struct Summary: Sendable, Hashable {
        public var added = 0
        /// Documents whose id was there already.
        public var replaced = 0
        public var deleted = 0
        /// Ids that were to be deleted and were not there.
        public var missing: [String] = []
        /// All documents of the index now.
        public var documents = 0
        public var segments = 0
    }

    /// How many segments of about one size are made one.
    static let mergeFactor = 8
    /// Segments above are not merged any more: a merge holds its result in memory.
    private static let largestMerge = 1 << 30

    private struct State {
        var entry: IndexManifest.Entry
        let segment: Segment
        var deleted: Set<UInt32>
        /// Whether the deletions of `entry` are out of date.
        var isChanged = false
    }

    public let directory: String
    private let lock: WriterLock
    private let bufferBytes: Int
    private var manifest: IndexManifest
    private var states: [State] = []
    private var builder: SegmentBuilder
    private var pending: [String: Int] = [:]
    private var dropped: Set<Int> = []
    private var newest: PublicationDate?
    private var summary = Summary()

    /// Begins a new index, which is there from the first commit on.
    /// - Throws: `indexExists` if the directory holds one already.
    public static func create(
        directory: String, configuration: IndexConfiguration = IndexConfiguration(), bufferBytes: Int = 1 << 28
    ) throws(RetrievalError) -> IndexWriter {
        try configuration.validate()
        do throws(StorageError) { try FileStore.createDirectory(directory) } catch { throw .storage(error) }
        let lock = try WriterLock(directory: directory)
        guard !FileStore.exists(IndexManifest.path(directory)) else { throw .indexExists(path: directory) }
        return try IndexWriter(
            directory: directory, manifest: IndexManifest(configuration: configuration), lock: lock,
            bufferBytes: bufferBytes)
    }

    /// Begins to change an index.
    /// - Parameter bufferBytes: about how much memory new documents take before they are written.
    /// - Throws: `locked` if another writer is at work.
    public convenience init(directory: String, bufferBytes: Int = 1 << 28) throws(RetrievalError) {
        // No lock is left in a directory that holds no index.
        guard FileStore.exists(IndexManifest.path(directory)) || WriterLock.exists(in: directory) else {
            throw .noIndex(path: directory)
        }
        let lock = try WriterLock(directory: directory)
        try self.init(
            directory: directory, manifest: try IndexManifest.load(directory), lock: lock, bufferBytes: bufferBytes)
    }

    private init(
        directory: String, manifest: IndexManifest, lock: WriterLock, bufferBytes: Int
    ) throws(RetrievalError) {
        self.directory = directory
        self.manifest = manifest
        self.lock = lock
        self.bufferBytes = bufferBytes
        builder = SegmentBuilder(
            analyzer: manifest.configuration.analyzer, configurationChecksum: manifest.configuration.checksum)
        for entry in manifest.segments {
            let view = try RetrievalIndex.open(entry, in: directory, configuration: manifest.configuration)
            let deleted = (0..<view.segment.documentCount).filter(view.isDeleted).map { UInt32($0) }
            states.append(State(entry: entry, segment: view.segment, deleted: Set(deleted)))
        }
        try removeStrayFiles()
    }

    public var configuration: IndexConfiguration { manifest.configuration }

    /// Adds a document, in the place of one with the same id.
    public func add(_ document: RetrievalDocument) throws(RetrievalError) {
        if let earlier = pending[document.id] {
            dropped.insert(earlier)
            summary.replaced += 1
        } else if markDeleted(document.id) {
            summary.replaced += 1
        } else {
            summary.added += 1
        }
        pending[document.id] = builder.documentCount
        let attributes = JSONValue.object(document.attributes)
        builder.add(
            id: document.id, fields: manifest.configuration.fields(of: document),
            stored: [document.title, document.text, document.attributes.isEmpty ? "" : attributes.text])
        for name in ["updated", "published"] {
            guard let date = document.attributes[name]?.stringValue.flatMap({ PublicationDate($0) }) else { continue }
            newest = max(newest ?? date, date)
        }
        if builder.byteCount > bufferBytes { try flush() }
    }

    public func delete(id: String) {
        if let earlier = pending.removeValue(forKey: id) {
            dropped.insert(earlier)
            summary.deleted += 1
        } else if markDeleted(id) {
            summary.deleted += 1
        } else {
            summary.missing.append(id)
        }
    }

    /// Makes all changes since the last commit visible at once, and merges small segments.
    @discardableResult
    public func commit() throws(RetrievalError) -> Summary {
        try flush()
        try merge()
        let old = manifest.files
        for index in states.indices where states[index].isChanged {
            states[index].entry.deletions = try write(deletions: states[index].deleted.sorted())
            states[index].isChanged = false
        }
        manifest.segments = states.map(\.entry)
        manifest.generation += 1
        try manifest.save(directory)
        for file in old.subtracting(manifest.files).sorted() { remove(file) }
        var result = summary
        result.documents = states.reduce(0) { $0 + $1.segment.documentCount - $1.deleted.count }
        result.segments = states.count
        summary = Summary()
        return result
    }

    private func markDeleted(_ id: String) -> Bool {
        var id = id
        return id.withUTF8 { bytes in
            for index in states.indices {
                guard let position = states[index].segment.document(id: UnsafeRawBufferPointer(bytes)),
                    states[index].deleted.insert(UInt32(position)).inserted
                else { continue }
                states[index].isChanged = true
                return true
            }
            return false
        }
    }

    /// Writes the documents in memory as a segment, which no manifest names yet.
    private func flush() throws(RetrievalError) {
        if builder.documentCount > dropped.count {
            try append(image: builder.image(without: dropped), newest: newest)
        }
        builder = SegmentBuilder(
            analyzer: manifest.configuration.analyzer, configurationChecksum: manifest.configuration.checksum)
        pending = [:]
        dropped = []
        newest = nil
    }

    private func append(image: [UInt8], newest: PublicationDate?) throws(RetrievalError) {
        let name = nextName("segment")
        try write(image, to: name)
        let segment = try Segment(path: directory + "/" + name)
        states.append(
            State(
                entry: IndexManifest.Entry(
                    file: name, documents: segment.documentCount, checksum: segment.checksum,
                    newest: newest?.description),
                segment: segment, deleted: []))
    }

    private func write(deletions: [UInt32]) throws(RetrievalError) -> IndexManifest.Deletions {
        let name = nextName("deleted")
        let bytes = SegmentFormat.bytes(deletions)
        try write(bytes, to: name)
        return IndexManifest.Deletions(
            file: name, count: deletions.count, checksum: Hexadecimal.text(Checksum.of(bytes)))
    }

    private func nextName(_ ending: String) -> String {
        let number = String(manifest.nextFile)
        manifest.nextFile += 1
        return String(repeating: "0", count: max(0, 6 - number.count)) + number + "." + ending
    }

    private func write(_ bytes: [UInt8], to name: String) throws(RetrievalError) {
        do throws(StorageError) { try FileStore.writeAtomically(bytes, to: directory + "/" + name) } catch {
            throw .storage(error)
        }
    }

    // MARK: Merging

    /// Segments of about one size, of which there are `mergeFactor`, become one; so does a segment of which half is
    /// deleted; an empty one goes.
    private func merge() throws(RetrievalError) {
        states.removeAll { $0.deleted.count == $0.segment.documentCount }
        while let chosen = mergeable() {
            let views = chosen.map { SegmentView(states[$0].segment, deleted: states[$0].deleted.sorted()) }
            let newest = chosen.compactMap { states[$0].entry.newest.flatMap { PublicationDate($0) } }.max()
            let image = SegmentMerger.merge(views, configurationChecksum: manifest.configuration.checksum)
            let gone = Set(chosen)
            states = states.indices.filter { !gone.contains($0) }.map { states[$0] }
            try append(image: image, newest: newest)
        }
    }

    private func mergeable() -> [Int]? {
        var tiers: [Int: [Int]] = [:]
        for (index, state) in states.enumerated() {
            guard state.segment.byteCount < Self.largestMerge else { continue }
            let documents = state.segment.documentCount - state.deleted.count
            if state.deleted.count * 2 > state.segment.documentCount { return [index] }
            // Everything below a thousand documents is one tier.
            var tier = 0
            var size = 1000
            while documents >= size {
                tier += 1
                size *= Self.mergeFactor
            }
            tiers[tier, default: []].append(index)
        }
        return tiers.sorted { $0.key < $1.key }.first { $0.value.count >= Self.mergeFactor }?.value
    }

    // MARK: Files

    /// Removes what an interrupted writer left behind.
    private func removeStrayFiles() throws(RetrievalError) {
        let names: [String]
        do throws(StorageError) { names = try FileStore.list(directory) } catch { throw .storage(error) }
        let known = manifest.files
        for name in names where name.hasSuffix(".segment") || name.hasSuffix(".deleted") {
            if !known.contains(name) { remove(name) }
        }
    }

    /// A file that cannot be removed now is removed by the next writer.
    private func remove(_ name: String) { try? FileStore.remove(directory + "/" + name) }
}
