import Dispatch
import Primitives
import Storage
import Synchronization

/// How often a corpus mentions the entities of a graph.
public struct CorpusFrequencies: Sendable, Hashable {
    /// The paper's limit: an entity is rare when less than one word in a million mentions it.
    public static let rareLimit = 1e-6

    /// Words of the corpus, and documents with any text.
    public private(set) var words = 0
    public private(set) var documents = 0
    /// Mentions of each entity, by its position, and documents that mention it.
    public private(set) var mentions: [Int]
    public private(set) var mentioningDocuments: [Int]

    private init(entityCount: Int) {
        mentions = [Int](repeating: 0, count: entityCount)
        mentioningDocuments = [Int](repeating: 0, count: entityCount)
    }

    /// Mentions per word of the corpus, from 0 to 1.
    public func frequency(_ entity: Int) -> Double { words == 0 ? 0 : Double(mentions[entity]) / Double(words) }

    /// The entities below the limit, ascending; those that are never mentioned are among them.
    public func rare(below limit: Double = rareLimit) -> [Int] { mentions.indices.filter { frequency($0) < limit } }

    /// Whether the corpus is large enough for the limit: an entity just at it is mentioned ten times.
    public func isLargeEnough(for limit: Double = rareLimit) -> Bool { Double(words) * limit >= 10 }

    // MARK: Counting

    /// Counts the mentions in files that ``DocumentReader`` reads, several at once. The result does not depend on their order.
    ///
    /// Blocks the calling thread until it is done.
    public static func count(
        _ lexicon: MentionLexicon, in files: [String], concurrency: Int = 1,
        progress: (@Sendable (_ words: Int, _ documents: Int) -> Void)? = nil
    ) throws(KnowledgeError) -> CorpusFrequencies {
        try DocumentReader.check(files)
        let next = Atomic<Int>(0)
        let hasFailed = Atomic<Bool>(false)
        let results = Mutex<[Int: Result<CorpusFrequencies, KnowledgeError>]>([:])
        DispatchQueue.concurrentPerform(iterations: max(1, min(concurrency, files.count))) { _ in
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard number < files.count, !hasFailed.load(ordering: .relaxed) else { return }
                let result = Result { () throws(KnowledgeError) in
                    try count(lexicon, in: files[number]) { words, documents in
                        progress?(words, documents)
                        return !hasFailed.load(ordering: .relaxed)
                    }
                }
                if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
                results.withLock { $0[number] = result }
            }
        }
        var total = CorpusFrequencies(entityCount: lexicon.entityCount)
        let all = results.withLock { $0 }
        for number in files.indices {
            if let result = all[number] { total.add(try result.get()) }
        }
        return total
    }

    /// - Parameter progress: says whether to go on; what was counted until then is of no use where it does not.
    private static func count(
        _ lexicon: MentionLexicon, in file: String, progress: (_ words: Int, _ documents: Int) -> Bool
    ) throws(KnowledgeError) -> CorpusFrequencies {
        let reader = try DocumentReader(path: file)
        var counter = Counter(lexicon)
        var (words, documents) = (0, 0)
        while let document = try reader.next() {
            counter.add(document)
            if counter.result.documents - documents == 10_000 {
                guard progress(counter.result.words - words, counter.result.documents - documents) else { break }
                (words, documents) = (counter.result.words, counter.result.documents)
            }
        }
        _ = progress(counter.result.words - words, counter.result.documents - documents)
        return counter.result
    }

    private mutating func add(_ other: CorpusFrequencies) {
        words += other.words
        documents += other.documents
        for index in mentions.indices {
            mentions[index] += other.mentions[index]
            mentioningDocuments[index] += other.mentioningDocuments[index]
        }
    }

    /// Counts document after document.
    public struct Counter: Sendable {
        public private(set) var result: CorpusFrequencies
        private let lexicon: MentionLexicon
        private var scanner = MentionTokens()
        /// The last document that mentioned each entity, from 1.
        private var lastDocument: [Int]

        public init(_ lexicon: MentionLexicon) {
            self.lexicon = lexicon
            result = CorpusFrequencies(entityCount: lexicon.entityCount)
            lastDocument = [Int](repeating: 0, count: lexicon.entityCount)
        }

        public mutating func add(_ document: SourceDocument) {
            result.documents += 1
            add(document.title)
            add(document.text)
        }

        private mutating func add(_ text: String) {
            var text = text
            let number = result.documents
            text.withUTF8 { bytes in
                result.words += lexicon.mentions(in: bytes, scanner: &scanner) { entities, _ in
                    for entity in entities {
                        result.mentions[Int(entity)] += 1
                        if lastDocument[Int(entity)] != number {
                            lastDocument[Int(entity)] = number
                            result.mentioningDocuments[Int(entity)] += 1
                        }
                    }
                }
            }
        }
    }

    // MARK: Results

    /// A table of id, name, mentions, documents and frequency, in the order of the entities, which are those counted.
    public func table(_ entities: some Collection<Entity>) -> [UInt8] {
        TabSeparatedTable.bytes(
            header: ["id", "name", "mentions", "documents", "frequency"],
            rows: entities.enumerated().map { index, entity in
                [
                    entity.id, entity.name, "\(mentions[index])", "\(mentioningDocuments[index])",
                    "\(frequency(index))",
                ]
            })
    }

    /// What was counted, with the share of rare entities.
    public func summary(limit: Double = rareLimit) -> String {
        let unseen = mentions.count { $0 == 0 }
        let rare = rare(below: limit).count
        let lines = [
            "\(words) words in \(documents) documents mention \(mentions.count - unseen) of \(mentions.count) entities",
            "\(rare) entities are rare (below \(limit)), \(unseen) of them are never mentioned",
        ]
        let warning =
            "the corpus is too small for this limit: an entity at the limit is mentioned fewer than ten times; "
            + "count in more text or raise the limit"
        return (lines + (isLargeEnough(for: limit) ? [] : [warning])).joined(separator: "\n")
    }
}
