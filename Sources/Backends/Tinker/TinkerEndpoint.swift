import TinkerProtocol

/// Where a Tinker API server is, how to get in, and how it behaves.
public struct TinkerEndpoint: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// For example `http://127.0.0.1:8000`; the client appends `/api/v1/…`.
    public var baseURL: String
    /// Sent as `X-API-Key`; shown in no description, reflection or error.
    public var apiKey: String?
    /// The environment variable the key was read from, for advice in errors.
    public var apiKeyVariable: String?
    public var profile: BackendProfile
    public var retryPolicy: RetryPolicy
    /// The most sampling requests in flight at a time; further ones wait in order.
    public var maximumConcurrentSamples: Int
    /// Longer answers are refused; the default leaves room for the logprobs of the largest chunk the protocol allows.
    public var maximumResponseBytes = 256 << 20
    /// The dialect to speak; `nil` asks the server.
    public var dialect: WireDialect?
    /// The deadline of a request, by the one that the retry policy gives it; tests shorten that of single requests.
    var deadline: @Sendable (_ call: TinkerCall, _ given: Duration) -> Duration = { $1 }

    public init(
        baseURL: String, apiKey: String?, apiKeyVariable: String? = nil, profile: BackendProfile,
        retryPolicy: RetryPolicy = RetryPolicy(), maximumConcurrentSamples: Int = 256,
        dialect: WireDialect? = nil
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.apiKeyVariable = apiKeyVariable
        self.profile = profile
        self.retryPolicy = retryPolicy
        self.maximumConcurrentSamples = maximumConcurrentSamples
        self.dialect = dialect
    }

    public var description: String {
        "TinkerEndpoint(\(baseURL), profile \(profile.name), API key \(apiKey == nil ? "none" : "set"))"
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror {
        Mirror(self, children: ["baseURL": baseURL, "profile": profile])
    }

    func url(_ path: String) -> String {
        var base = Substring(baseURL)
        while base.hasSuffix("/") { base.removeLast() }
        return base + "/api/v1/" + path
    }
}
