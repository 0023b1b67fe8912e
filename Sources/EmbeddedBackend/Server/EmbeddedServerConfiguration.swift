import Foundation

/// What an ``EmbeddedServer`` serves, where, and to whom.
public struct EmbeddedServerConfiguration: Sendable {
    /// The numeric address to listen on.
    public var host: String
    /// The TCP port; 0 takes any free one.
    public var port: UInt16
    /// What `X-API-Key` must equal.
    public var apiKey: String
    /// The directory, in Hugging Face layout, of every base model by the name clients call it.
    public var models: [String: String]
    /// The chat renderer of a model by its name, for conversations; a model without one here takes its own chat template.
    public var renderers: [String: String] = [:]
    /// Where checkpoints are kept. Their `tinker://` paths stay valid for every later server with the same directory.
    public var checkpointDirectory: String
    /// Worker threads of each trainer and of each sampler.
    public var threads: Int
    /// The greatest request body accepted, in bytes.
    public var maximumRequestBytes = 256 << 20
    /// How many samplers keep their worker threads and caches; those with requests in flight are never ended.
    public var liveSamplerLimit = 3
    /// How many ephemeral snapshots of weights can still be sampled.
    public var snapshotLimit = 8
    /// How long `retrieve_future` waits for a result before it answers `try_again`.
    public var longPollDuration: Duration = .seconds(20)
    /// How often expired checkpoints are looked for and deleted; a checkpoint cannot be read from the moment it expires.
    public var expiryInterval: Duration = .seconds(60)
    /// How long nothing may be heard of a session's client (no heartbeat, no request, and nothing being computed for it)
    /// before the session is ended and its models are freed. Looked at every ``expiryInterval``; time in which the server
    /// itself did not run counts as one interval. Long enough for a laptop that sleeps over a weekend.
    public var sessionTimeout: Duration = .seconds(72 * 3600)
    /// The time since some moment, for ``sessionTimeout``.
    var clock: @Sendable () -> Duration = {
        let start = ContinuousClock.now
        return { start.duration(to: .now) }
    }()
    /// Seconds since 1970; the tests let time pass.
    var now: @Sendable () -> Double = { Date().timeIntervalSince1970 }

    public init(
        host: String = "127.0.0.1", port: UInt16 = 0, apiKey: String, models: [String: String],
        checkpointDirectory: String, threads: Int
    ) {
        self.host = host
        self.port = port
        self.apiKey = apiKey
        self.models = models
        self.checkpointDirectory = checkpointDirectory
        self.threads = threads
    }

    /// An unpredictable key of the form the Tinker SDK accepts (`tml-` and 32 hexadecimal digits), from the kernel.
    public static func randomAPIKey() throws(EmbeddedServerError) -> String {
        guard let file = FileHandle(forReadingAtPath: "/dev/urandom"), let bytes = try? file.read(upToCount: 16),
            bytes.count == 16
        else { throw .noRandomness }
        let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "tml-" + hexadecimal.joined()
    }
}

extension EmbeddedServerConfiguration: CustomStringConvertible {
    /// Everything but the key.
    public var description: String {
        """
        EmbeddedServerConfiguration(\(host):\(port), models \(models.keys.sorted()), \
        checkpoints \(checkpointDirectory), \(threads) threads, key withheld)
        """
    }
}
