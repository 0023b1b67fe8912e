/// One request to a Tinker API server, ready to be sent, and to be sent again.
struct TinkerCall: Sendable {
    /// Relative to `/api/v1/`.
    var path: String
    var method = "POST"
    var body: [UInt8] = []
    /// What the promise is for, as the protocol's header names it (`ForwardBackward`, `Sample`, …).
    var requestType: String
    /// Whether the server may receive it twice without harm.
    var isRepeatable: Bool
    /// Where set, the request takes part in the pauses of sampling, and a 429 pauses all samplers for that long.
    var sampling: (gate: SamplingGate, pause: Duration)?
    /// A key that all sendings of one request share (`X-Idempotency-Key`).
    var idempotencyKey = ""

    /// What errors call the request.
    var operation: String { path }
}
