/// The endpoints of the hosted API that this backend does not have, each with what to do instead.
///
/// They answer 404: clients repeat a request that gets 408, 409, 429 or any 5xx, 501 among them, for minutes.
struct UnservedEndpoint: Sendable {
    var method: String
    /// The path below `/api/v1/`; `*` stands for any one part.
    var path: String
    var advice: String

    static let all: [UnservedEndpoint] = [
        UnservedEndpoint(method: "GET", path: "training_runs/*/checkpoints/*/*/archive", advice: files),
        UnservedEndpoint(method: "GET", path: "training_runs/*/checkpoints/*/*/external_weights_urls", advice: files),
        UnservedEndpoint(method: "POST", path: "save_weights_external", advice: files),
        UnservedEndpoint(
            method: "POST", path: "copy_weights",
            advice: "checkpoints have one owner here; load one with load_weights and save it under another name"),
        UnservedEndpoint(
            method: "POST", path: "create_custom_loss",
            advice: "compute the loss on the client: forward, then forward_backward with cross_entropy and weights"),
        UnservedEndpoint(method: "POST", path: "auth/token", advice: key),
        UnservedEndpoint(method: "GET", path: "auth/apikey/me", advice: key),
        UnservedEndpoint(method: "DELETE", path: "auth/apikey/me", advice: key),
        UnservedEndpoint(method: "POST", path: "sessions/search", advice: "list them with GET sessions"),
        UnservedEndpoint(method: "PUT", path: "sessions/*/project", advice: "there are no projects here"),
        UnservedEndpoint(method: "GET", path: "sessions/*/trace_export", advice: "no traces are kept"),
        UnservedEndpoint(method: "GET", path: "audit", advice: "no audit log is kept"),
        UnservedEndpoint(method: "GET", path: "billing/usage/events", advice: bill),
        UnservedEndpoint(method: "GET", path: "billing/usage/checkpoints/current", advice: bill),
    ]

    private static let files =
        "checkpoints are directories of the server's machine, in Hugging Face or PEFT layout, below its checkpoint directory"
    private static let key = "the key that `medresearcher serve` prints is the only one, and is sent as it is"
    private static let bill = "nothing is billed here"

    /// What is said of a request that nothing serves.
    static func error(_ method: String, _ parts: [String]) -> ServiceError {
        let text = "\(method) \(parts.joined(separator: "/")) is not served by this backend"
        let known = all.first { $0.method == method && $0.matches(parts) }
        return .unknown(known.map { "\(text): \($0.advice)" } ?? text)
    }

    private func matches(_ parts: [String]) -> Bool {
        let pattern = path.split(separator: "/")
        return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
