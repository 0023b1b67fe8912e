import Primitives
import Storage

/// Builds a draft of a graph from texts with a language model.
///
/// A document is cut into overlapping pieces; a model writes down entities and facts of each piece, is asked a bounded
/// number of times for what it missed, and every fact must be quoted from the text. What was read is kept in a journal, so
/// that a build that stopped goes on where it was. The draft depends on documents and answers alone: not on the number of
/// requests in flight, nor on where the build was interrupted.
public struct KnowledgeBuilder: Sendable {
    public struct Settings: Sendable, Hashable {
        public var chunker = TextChunker()
        /// How often a model is asked for what it missed; it stops earlier when nothing new comes.
        public var gleaningRounds = 1
        /// How often an answer that cannot be read is asked for again.
        public var repairs = 1
        public var maximumTokens = 4_096
        public var concurrency = 8

        public init() {}
    }

    /// How far a build is.
    public struct Progress: Sendable, Hashable {
        public var documents = 0
        public var chunks = 0
        /// Of these, pieces that the journal held.
        public var resumedChunks = 0
        /// Of these, pieces that could not be read to their end.
        public var failedChunks = 0
        public var facts = 0
        public var refused = 0
        /// What the answers of this build took, without those of the journal.
        public var usage = TokenUsage.none
    }

    public struct Outcome: Sendable {
        /// The graph that was given, and what the texts state.
        public var draft: GraphDraft
        public var progress: Progress
        /// Why the build stopped before the last piece; `nil` where it did not.
        public var stopped: String?
    }

    public var settings: Settings
    public var schema: ExtractionSchema
    private let extractor: any FactExtractor

    public init(
        extractor: any FactExtractor, schema: ExtractionSchema = .clinical, settings: Settings = Settings()
    ) {
        self.extractor = extractor
        self.schema = schema
        self.settings = settings
    }

    /// What the answers in a journal took, to go on counting what may be spent.
    public static func usage(journal: String) throws(KnowledgeError) -> TokenUsage {
        do throws(StorageError) { return try ExtractionJournal.usage(path: journal) } catch { throw .storage(error) }
    }

    /// Reads all documents of the files that the journal does not hold yet.
    /// - Parameters:
    ///   - graph: a graph whose entities the texts speak about; its facts become part of the draft.
    ///   - progress: called after each piece, never by two at once.
    /// - Throws: a file that cannot be read, a server that cannot be used, a cancelled task. What was read stays in the journal.
    public func build(
        files: [String], journal path: String, source: String? = nil, licence: String? = nil,
        graph: KnowledgeGraph? = nil, progress report: @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Outcome {
        try DocumentReader.check(files)
        let journal = try ExtractionJournal(path: path)
        let queue = ChunkQueue(files: files, chunker: settings.chunker, source: source, licence: licence)
        var (progress, stopped) = (Progress(), String?.none)
        var pieces: [ReadPiece] = []
        do {
            try await withThrowingTaskGroup(of: ReadPiece?.self) { group in
                var isAtEnd = false
                func start() async throws {
                    guard !isAtEnd, stopped == nil else { return }
                    guard let piece = try await queue.next() else {
                        isAtEnd = true
                        return
                    }
                    group.addTask { try await read(piece, journal) }
                }
                for _ in 0..<max(1, settings.concurrency) { try await start() }
                while let finished = try await group.next() {
                    if let finished {
                        // A piece that was not asked for, because nothing more was to be, is still to be read.
                        if finished.stopReason == nil || finished.extraction.usage.requests > 0 {
                            pieces.append(finished)
                            progress.add(finished)
                            report(progress)
                        }
                        if let reason = finished.stopReason { stopped = stopped ?? reason }
                    }
                    try await start()
                }
            }
        } catch {
            try await journal.close()
            throw error
        }
        try await journal.close()
        return Outcome(draft: draft(pieces, graph), progress: progress, stopped: stopped)
    }

    // MARK: Reading

    private func read(_ piece: ChunkQueue.Piece, _ journal: ExtractionJournal) async throws -> ReadPiece {
        try Task.checkCancellation()
        let key = ExtractionJournal.key([
            "medresearcher.extraction/1", extractor.name, schema.json.text,
            "\(settings.gleaningRounds) \(settings.repairs) \(settings.maximumTokens)", piece.title, piece.text,
        ])
        if let known = await journal.entry(key) { return ReadPiece(piece: piece, extraction: known, isResumed: true) }
        let (extraction, stopReason) = try await extract(piece)
        if extraction.usage.requests > 0 {
            try await journal.keep(extraction, key: key, document: piece.document, chunk: piece.range)
        }
        return ReadPiece(piece: piece, extraction: extraction, stopReason: stopReason)
    }

    /// Asks for a piece until nothing new comes.
    private func extract(
        _ piece: ChunkQueue.Piece
    ) async throws(ExtractionFailure) -> (extraction: ChunkExtraction, stopReason: String?) {
        var check = ExtractionCheck(schema, text: piece.text)
        var messages = schema.request(for: piece.text, title: piece.title)
        var usage = TokenUsage.none
        var problem: String?
        var stopReason: String?
        do throws(ExtractionFailure) {
            for round in 0...max(0, settings.gleaningRounds) {
                if round > 0 { messages.append(Message(role: .user, content: ExtractionSchema.gleaning)) }
                guard let answer = try await ask(&messages, &usage, &problem) else { break }
                if check.add(answer) == 0 { break }
            }
        } catch .stopped(let text) {
            (stopReason, problem) = (text, text)
        } catch .answerTooLong(let text, let spent) {
            problem = text
            usage += spent
        } catch {
            throw error
        }
        var extraction = check.result
        extraction.usage = usage
        extraction.problem = problem
        return (extraction, stopReason)
    }

    /// One answer, asked for again where it cannot be read; `nil`, and the problem, where that did not help either.
    private func ask(
        _ messages: inout [Message], _ usage: inout TokenUsage, _ problem: inout String?
    ) async throws(ExtractionFailure) -> ExtractionSchema.Answer? {
        for attempt in 0...max(0, settings.repairs) {
            let answer = try await extractor.answer(
                ExtractionRequest(messages: messages, schema: schema.json, maximumTokens: settings.maximumTokens))
            usage += answer.usage
            messages.append(Message(role: .assistant, content: answer.text))
            do throws(JSONError) { return try ExtractionSchema.read(answer.text) } catch {
                if attempt == settings.repairs { problem = "an answer that cannot be read: \(error)" }
                messages.append(Message(role: .user, content: ExtractionSchema.repair("\(error).")))
            }
        }
        return nil
    }

    // MARK: The draft

    private func draft(_ pieces: [ReadPiece], _ graph: KnowledgeGraph?) -> GraphDraft {
        var draft = GraphDraft()
        if let graph { draft.add(graph) }
        for relation in schema.relations { draft.define(relation) }
        for read in pieces.sorted(by: { $0.piece.number < $1.piece.number }) {
            draft.report.read()
            let place = "\(read.piece.document), bytes \(read.piece.range.lowerBound) to \(read.piece.range.upperBound)"
            if let problem = read.extraction.problem {
                draft.report.omit("pieces of text that could not be read to their end", "\(place): \(problem)")
            }
            for (reason, count) in read.extraction.refusals.sorted(by: { $0.key < $1.key }) {
                for _ in 0..<count { draft.report.omit(reason, place) }
            }
            add(read, to: &draft)
        }
        return draft
    }

    private func add(_ read: ReadPiece, to draft: inout GraphDraft) {
        let entities = read.extraction.entities.map { entity in
            let index = draft.entity(named: entity.name, type: entity.type)
            draft.add(synonyms: entity.synonyms, to: index)
            return index
        }
        for fact in read.extraction.facts {
            guard let relation = draft.relation(named: fact.relation) else { continue }
            let start = read.piece.range.lowerBound
            draft.add(
                entities[fact.head], relation, entities[fact.tail],
                evidence: Evidence(
                    source: read.piece.source, licence: read.piece.licence, document: read.piece.document,
                    span: start + fact.span.lowerBound..<start + fact.span.upperBound))
        }
    }
}

/// A piece and what was read out of it.
private struct ReadPiece: Sendable {
    var piece: ChunkQueue.Piece
    var extraction: ChunkExtraction
    var isResumed = false
    /// Why nothing more is to be asked.
    var stopReason: String?
}

extension KnowledgeBuilder.Progress {
    fileprivate mutating func add(_ read: ReadPiece) {
        chunks += 1
        if read.piece.isFirst { documents += 1 }
        if read.isResumed { resumedChunks += 1 } else { usage += read.extraction.usage }
        if read.extraction.problem != nil { failedChunks += 1 }
        facts += read.extraction.facts.count
        refused += read.extraction.refusals.values.reduce(0, +)
    }
}
