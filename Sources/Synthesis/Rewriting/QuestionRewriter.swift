import Knowledge
import Primitives

/// Has a language model say a question in its own words, with names replaced by descriptions and numbers blurred, and
/// keeps the rewriting only if it passes every check; otherwise the template stays.
public struct QuestionRewriter: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// Whether names are to be described instead of told. Names that have no definition are kept.
        public var describesNames = true
        /// How often the model may try a question.
        public var attempts = 2
        public var temperature = 0.7
        public var maximumTokens = 768
        /// Whether the server is asked to enforce the reply's JSON schema, which not every one can.
        public var sendsSchema = true
        /// The length of a rewriting, in characters.
        public var lengths = 20...1200

        public init() {}
    }

    /// Why a rewriting was not taken.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        case model(reason: String)
        /// The reply is not the JSON object asked for, or its text is no single question.
        case malformed(reason: String)
        case leak(LeakCheck.Finding)
        /// A name stands in the text that was to be described.
        case named(LeakCheck.Finding)
        /// The second model could not state the question as a query.
        case unreadable(reason: String)
        /// The query that the second model states does not have the right answer as its only one.
        case answerChanged(found: [String])

        /// One word to count by.
        public var kind: String {
            switch self {
            case .model: "model"
            case .malformed: "malformed"
            case .leak: "leak"
            case .named: "named"
            case .unreadable: "unreadable"
            case .answerChanged: "answer_changed"
            }
        }

        public var description: String {
            switch self {
            case .model(let reason): reason
            case .malformed(let reason): "the rewriting is malformed: \(reason)"
            case .leak(let finding): "the rewriting gives away \(finding)"
            case .named(let finding): "the rewriting names what it was to describe: \(finding)"
            case .unreadable(let reason): reason
            case .answerChanged(let found):
                "the rewriting asks for something else: "
                    + (found.isEmpty ? "nothing fits" : found.joined(separator: ", "))
            }
        }
    }

    /// What became of one question.
    public struct Outcome: Sendable, Hashable {
        /// With the new text, or as it was.
        public var draft: QuestionDraft
        public var isRewritten: Bool
        /// One per attempt that failed.
        public var failures: [Failure]

        /// For `refinement.jsonl.zst`: what became of the question and why.
        public var json: JSONValue {
            [
                "rewritten": .bool(isRewritten),
                "failures": .array(
                    failures.map { ["kind": .string($0.kind), "text": .string($0.description)] }),
            ]
        }
    }

    public var configuration: Configuration
    private let model: any LanguageModel
    private let reader: ConstraintReader
    private let graph: KnowledgeGraph
    /// What reference works say about entities; without an entry a name is kept.
    private let definitions: [EntityIndex: String]

    public init(
        model: any LanguageModel, reader: any LanguageModel, graph: KnowledgeGraph,
        definitions: [EntityIndex: String] = [:], configuration: Configuration = Configuration()
    ) {
        self.model = model
        self.reader = ConstraintReader(model: reader, graph: graph)
        self.graph = graph
        self.definitions = definitions
        self.configuration = configuration
    }

    /// What ends an attempt.
    private enum Setback: Error {
        case refused(Failure)
        /// It ends the work, too.
        case ended(LanguageModelError)

        init(_ error: LanguageModelError) {
            self = if case .failed(let reason) = error { .refused(.model(reason: reason)) } else { .ended(error) }
        }
    }

    /// Rewrites one question; `number` keys the model's seeds.
    /// - Throws: that no more may be spent, that a server is not there, or that the work was cancelled; a failure at a single
    ///   prompt is one more failed attempt.
    public func rewrite(
        _ draft: QuestionDraft, number: Int, seed: UInt64
    ) async throws(LanguageModelError) -> Outcome {
        var failures: [Failure] = []
        for attempt in 0..<max(1, configuration.attempts) {
            let stream = CounterRandom(seed: seed, stage: .synthesis, step: number, group: 3, turn: attempt)
            do throws(Setback) {
                var rewritten = draft
                rewritten.text = try await propose(draft, seed: stream.seed63)
                try check(rewritten)
                try await checkAnswer(rewritten, seed: stream.seed63)
                return Outcome(draft: rewritten, isRewritten: true, failures: failures)
            } catch {
                switch error {
                case .refused(let failure): failures.append(failure)
                case .ended(let error): throw error
                }
            }
        }
        return Outcome(draft: draft, isRewritten: false, failures: failures)
    }

    // MARK: Steps

    private static let instructions = """
        You rewrite research questions for medical experts in fluent English. Keep exactly what is asked and every condition; \
        add no condition and no hint. Replace each name listed under "describe" by a description in your own words, made \
        from its definition, that an expert can resolve; do not use the name, its synonyms or its abbreviation. Blur exact \
        numbers in such descriptions ("in the late 1980s", "a handful of") where the description stays recognizable. Keep \
        all other names as they are. Write one question, in one paragraph. Reply with one JSON object: \
        {"question": "…"}.
        """

    private func described(in draft: QuestionDraft) -> [EntityIndex] {
        guard configuration.describesNames else { return [] }
        return Set(draft.description.namedEntities).sorted().filter { definitions[$0] != nil }
    }

    private func propose(_ draft: QuestionDraft, seed: Int64) async throws(Setback) -> String {
        let names = described(in: draft).map { index -> JSONValue in
            let entity = graph.entity(index)
            return [
                "name": .string(entity.name), "type": .string(EnglishNames.noun(ofType: entity.type)),
                "definition": .string(definitions[index] ?? ""),
            ]
        }
        let task: JSONValue = ["question": .string(draft.text), "describe": .array(names)]
        var prompt = LanguageModelPrompt(
            system: Self.instructions, user: task.text, maximumTokens: configuration.maximumTokens,
            temperature: configuration.temperature)
        prompt.seed = seed
        if configuration.sendsSchema {
            prompt.schema = [
                "type": "object", "properties": ["question": ["type": "string"]], "required": ["question"],
                "additionalProperties": false,
            ]
        }
        let reply: LanguageModelReply
        do throws(LanguageModelError) { reply = try await model.reply(to: prompt) } catch {
            throw Setback(error)
        }
        guard reply.isWhole else { throw .refused(.malformed(reason: "it is cut off")) }
        do throws(JSONError) {
            let text = try ModelJSON.object(in: reply.message.content).string(at: "question")
            return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        } catch {
            throw .refused(.malformed(reason: "\(error)"))
        }
    }

    /// Form, leaks and names.
    private func check(_ draft: QuestionDraft) throws(Setback) {
        guard configuration.lengths ~= draft.text.count else {
            throw .refused(
                .malformed(
                    reason: "it has \(draft.text.count) characters, expected \(configuration.lengths.lowerBound) to "
                        + "\(configuration.lengths.upperBound)"))
        }
        guard let last = draft.text.last, last == "?" || last == "." else {
            throw .refused(.malformed(reason: "it ends neither in a question mark nor in a full stop"))
        }
        if let leak = LeakCheck.findings(in: draft.text, of: draft.description, graph: graph).first {
            throw .refused(.leak(leak))
        }
        let check = LeakCheck(text: draft.text)
        if let name = check.findings(for: described(in: draft).map({ graph.entity($0) })).first {
            throw .refused(.named(name))
        }
    }

    /// Has the second model state the question and executes its query on the whole graph.
    private func checkAnswer(_ draft: QuestionDraft, seed: Int64) async throws(Setback) {
        let read: EntityDescription
        do throws(ConstraintReader.Failure) { read = try await reader.read(draft.text, seed: seed) } catch {
            switch error {
            case .model(let error): throw Setback(error)
            case .unreadable: throw .refused(.unreadable(reason: "\(error)"))
            }
        }
        let found = read.denotation(in: graph)
        guard found == [draft.answer], read.depth > 0 else {
            throw .refused(.answerChanged(found: found.prefix(5).map { graph.entity($0).name }))
        }
    }
}

/// How many questions were rewritten and why attempts failed.
public struct RewritingReport: Sendable, Hashable {
    public private(set) var questions = 0
    public private(set) var rewritten = 0
    /// Failed attempts by `QuestionRewriter.Failure.kind`.
    public private(set) var failures: [String: Int] = [:]

    public init(_ outcomes: some Sequence<QuestionRewriter.Outcome>) {
        for outcome in outcomes {
            questions += 1
            if outcome.isRewritten { rewritten += 1 }
            for failure in outcome.failures { failures[failure.kind, default: 0] += 1 }
        }
    }

    /// For people.
    public var summary: String {
        let reasons = failures.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "rewriting: \(rewritten) of \(questions) questions rewritten, the others keep their template"
            + (reasons.isEmpty ? "" : "; failed attempts: \(reasons.joined(separator: ", "))")
    }

    public var json: JSONValue {
        [
            "questions": .integer(questions), "rewritten": .integer(rewritten),
            "failures": .object(
                JSONObject(
                    uniqueKeysWithValues: failures.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
        ]
    }
}
