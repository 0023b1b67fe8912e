/// A request on its way through the engine.
///
/// Invariant: between two of its worker's calls to the scheduler a sequence belongs to that worker; otherwise it is
/// guarded by the scheduler's lock, as `isCancelled` always is.
final class ActiveSequence: @unchecked Sendable {
    typealias Scored = SamplingEngine.ScoredToken
    /// Takes the outcome of a request, once.
    typealias Answer = @Sendable (Result<SamplingEngine.Completion, any Error>) -> Void

    /// How the keys and values of the tokens known at admission come about.
    struct Plan {
        /// Nodes whose pages are shared, in order; some may still be being computed by another sequence.
        var shared: [PrefixTree.Node] = []
        /// A node whose first `count` positions are copied into the first page of the sequence's own.
        var copied: (node: PrefixTree.Node, count: Int)?
        /// Nodes on the way to its own ones whose positions it computes all the same, for their logprobs.
        var passed: [PrefixTree.Node] = []
        /// Pending nodes that this sequence computes, one per page from page `ownStart` on.
        var own: [PrefixTree.Node] = []
        var ownStart = 0
        /// Memory for what is not shared.
        var pages: [CachePage] = []
        /// The node at the end of the tokens, to which their final state belongs.
        var end: PrefixTree.Node?
        /// Whether the final state in `end` spares the sequence all computing before its first draw.
        var startsAtEnd = false
        /// The number of tokens planned for.
        var count = 0

        /// Nodes that have to be ready before the sequence begins.
        var awaited: [PrefixTree.Node] { shared + (copied.map { [$0.node] } ?? []) }
        /// Nodes of the tree that the plan uses.
        var borrowed: [PrefixTree.Node] { passed + awaited }
        /// All nodes that must not be evicted, ancestors first.
        var pinned: [PrefixTree.Node] { shared + passed + own + (copied.map { [$0.node] } ?? []) }
    }

    /// The order of arrival.
    let ticket: Int
    let request: SamplingEngine.Request
    var isCancelled = false
    /// Prompt and sampled tokens.
    private(set) var tokens: [Int32]
    private(set) var logprobs: [Float] = []
    private(set) var topLogprobs: [[Scored]] = []
    private var promptLogprobs: [Float] = []
    private var topPromptLogprobs: [[Scored]] = []
    var cache = SequenceCache()
    var plan = Plan()
    /// How many nodes of `plan.own` are published.
    var publishedCount = 0
    /// Whether it gave way to another sequence and waits to be admitted again.
    var isPreempted = false
    /// Whether it waits for pages that another sequence computes.
    var isStalled = false
    /// The copy that has to be made before the first own position is stored.
    var pendingCopy: (page: CachePage, count: Int)?
    /// The final state from which the first token is drawn, where another sequence computed it.
    var finalState: FloatBuffer?
    /// The final state of the last token planned for, computed here and not yet published.
    var computedState: FloatBuffer?
    private var stoppedByToken = false
    private var stoppedByCondition = false
    private let limit: Int
    private var answer: Answer?

    init(ticket: Int, request: SamplingEngine.Request, limit: Int, answer: @escaping Answer) {
        self.ticket = ticket
        self.request = request
        self.limit = limit
        self.answer = answer
        tokens = request.prompt
    }

    /// The number of tokens whose keys and values are not stored yet.
    var pendingCount: Int { tokens.count - cache.count }
    var sampledCount: Int { tokens.count - request.prompt.count }
    private var scoresPrompt: Bool { request.wantsPromptLogprobs || request.topkPromptLogprobs > 0 }
    /// Whether logprobs of prompt tokens are still missing, so that every prompt position has to be computed.
    var isScoringPrompt: Bool { scoresPrompt && promptLogprobs.count < request.prompt.count - 1 }

    var isFinished: Bool {
        sampledCount > 0
            && (stoppedByToken || stoppedByCondition || sampledCount >= request.maxTokens || tokens.count >= limit)
    }

    /// Takes a drawn token.
    func append(_ drawn: SamplingEngine.SampledToken) {
        tokens.append(drawn.token)
        logprobs.append(drawn.logprob)
        if request.topkSampleLogprobs > 0 { topLogprobs.append(drawn.top) }
        request.onToken?(drawn)
        if request.stopTokens.contains(drawn.token) {
            stoppedByToken = true
        } else if let condition = request.stopCondition {
            stoppedByCondition = condition(drawn.token)
        }
    }

    /// Takes the logprob of the next prompt token and the most probable tokens at its place.
    func score(logprob: Float, top: [Scored]) {
        promptLogprobs.append(logprob)
        if request.topkPromptLogprobs > 0 { topPromptLogprobs.append(top) }
    }

    /// Takes over the pages that the plan shares. Returns the number of positions that need no computing.
    func begin() -> Int {
        for page in plan.shared.compactMap(\.page) + plan.pages { cache.append(page) }
        plan.pages = []
        cache.count = plan.shared.count * CachePage.positions
        if let copied = plan.copied, let page = copied.node.page {
            pendingCopy = (page, copied.count)
            cache.count += copied.count
        }
        if plan.startsAtEnd { finalState = plan.end?.finalState }
        isStalled = false
        return cache.count
    }

    /// Forgets what was computed but not what was drawn.
    func reset() {
        cache = SequenceCache()
        plan = Plan()
        publishedCount = 0
        isStalled = false
        pendingCopy = nil
        finalState = nil
        computedState = nil
        if isScoringPrompt {
            promptLogprobs = []
            topPromptLogprobs = []
        }
    }

    /// Ends the request: with its completion, or with what went wrong. Calls the client, so not under a lock.
    func conclude(_ error: (any Error)?) {
        defer { answer = nil }
        if let error { return answer?(.failure(error)) ?? () }
        let completion = SamplingEngine.Completion(
            tokens: Array(tokens[request.prompt.count...]), logprobs: logprobs, stoppedByToken: stoppedByToken,
            stoppedByCondition: stoppedByCondition,
            promptLogprobs: request.wantsPromptLogprobs ? promptLogprobs : nil,
            topPromptLogprobs: request.topkPromptLogprobs > 0 ? topPromptLogprobs : nil,
            topLogprobs: request.topkSampleLogprobs > 0 ? topLogprobs : nil)
        answer?(.success(completion))
    }
}
