/// One request to a Tinker API server, ready to be sent, and to be sent again.
struct TinkerCall: Sendable {
    /// What it means that the server receives the request twice.
    enum Repetition: Sendable {
        /// Nothing: it reads, or makes something that nobody misses.
        case harmless
        /// Nothing, because the server recognises the repetition by its `seq_id`. But once sent without an answer, it may
        /// have run.
        case recognised
        /// That it runs twice. So it is never sent twice.
        case executed
    }

    /// Relative to `/api/v1/`.
    var path: String
    var method = "POST"
    var body: [UInt8] = []
    var contentType = "application/json"
    /// Where set, how `body` is compressed (`Content-Encoding`).
    var contentEncoding: String?
    /// What the promise is for, as the protocol's header names it (`ForwardBackward`, `Sample`, …).
    var requestType: String
    var repetition: Repetition = .harmless
    /// Where set, the request takes part in the pauses of sampling, and a 429 pauses all samplers for that long.
    var sampling: (gate: SamplingGate, pause: Duration)?
    /// A key that all sendings of one request share (`X-Idempotency-Key`).
    var idempotencyKey = ""

    var isRepeatable: Bool { repetition != .executed }

    /// What errors call the request.
    var operation: String { path }

    /// Whether the result may come in protobuf.
    var hasBinaryResult: Bool { ["ForwardBackward", "Forward", "Sample"].contains(requestType) }
}
