/// Where a rollout fleet is, how to get in, and how it is used.
public struct FleetEndpoint: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public enum Kind: String, Sendable {
        case vllm, sglang
    }

    /// What the engine's logprobs mean, where temperature is not 1 or the distribution is truncated.
    public enum LogprobMode: String, CaseIterable, Sendable {
        /// Of the model's own distribution: vLLM's default (`--logprobs-mode raw_logprobs`), SGLang with
        /// `SGLANG_RETURN_ORIGINAL_LOGPROB=1`.
        case raw
        /// Of the distribution that was sampled: vLLM with `--logprobs-mode processed_logprobs`, SGLang's default.
        case processed
    }

    public var kind: Kind
    /// One for each replica, for example `http://10.0.0.7:8000`.
    public var urls: [String]
    /// Sent as a bearer token; shown in no description, reflection or error.
    public var apiKey: String?
    /// The environment variable the key was read from, for advice in errors.
    public var apiKeyVariable: String?
    public var form: FleetWeights.Form
    public var logprobMode: LogprobMode
    /// Whether sampling is allowed whose logprobs differ from the trainer's by more than rounding.
    public var acceptsOffPolicySampling: Bool
    /// The most sequences in flight on one replica.
    public var concurrency: Int
    public var timing: FleetTiming

    public init(
        kind: Kind, urls: [String], apiKey: String? = nil, apiKeyVariable: String? = nil,
        form: FleetWeights.Form = .adapter, logprobMode: LogprobMode? = nil, acceptsOffPolicySampling: Bool = false,
        concurrency: Int = 64, timing: FleetTiming = FleetTiming()
    ) {
        self.kind = kind
        self.urls = urls.map { url in
            var base = Substring(url)
            while base.hasSuffix("/") { base.removeLast() }
            return String(base)
        }
        self.apiKey = apiKey
        self.apiKeyVariable = apiKeyVariable
        self.form = form
        self.logprobMode = logprobMode ?? (kind == .vllm ? .raw : .processed)
        self.acceptsOffPolicySampling = acceptsOffPolicySampling
        self.concurrency = max(1, concurrency)
        self.timing = timing
    }

    public var description: String {
        "FleetEndpoint(\(kind.rawValue), \(urls.count) replicas, API key \(apiKey == nil ? "none" : "set"))"
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror { Mirror(self, children: ["kind": kind, "urls": urls, "form": form]) }
}

/// The deadlines and delays of a fleet.
public struct FleetTiming: Sendable, Equatable {
    /// The deadline of one sampling request.
    public var requestTimeout: Duration = .seconds(600)
    /// The deadline of one health check.
    public var healthTimeout: Duration = .seconds(5)
    /// The time between two health checks of a replica.
    public var healthInterval: Duration = .seconds(5)
    /// The deadline of loading weights, without the wait for running sequences.
    public var loadTimeout: Duration = .seconds(600)
    /// How long a replica's running sequences may hold up the replacement of its weights.
    public var drainTimeout: Duration = .seconds(600)
    /// How long a request may wait for any replica to serve its weights.
    public var outageBudget: Duration = .seconds(300)
    /// How often one request is tried.
    public var attempts = 6
    /// The wait before a request is tried again on replicas that have failed it; doubles up to 16 times.
    public var retryDelay: Duration = .milliseconds(250)
    /// The first back-off of a replica that was ejected or could not load weights.
    public var backOff: Duration = .seconds(1)

    public init() {}
}
