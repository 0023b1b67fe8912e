import Primitives
import TinkerProtocol

/// What a server says about itself in `client/config` and `client/dynamic_config`; what it leaves out has the protocol's
/// default.
struct TinkerSettings: Sendable, Equatable {
    /// The API key is to be exchanged for short-lived tokens.
    var exchangesKeys = false
    var chunkLimits = DatumEncoder.Limits()
    /// Chunks of one batch may arrive in any order, because the server holds those whose predecessors are missing. Only
    /// where the server says so: some that say nothing run what comes first.
    var takesChunksInAnyOrder = false
    /// Bodies in protobuf are to be compressed with zstd.
    var compressesBodies = false
    /// The end of samples is to be awaited with `retrieve_futures`, for all samples of a sampler at once.
    var announcesSamples = false
    /// The most bytes of results that are fetched at a time.
    var responseBytes = 50 << 20
    /// The most bytes of training batches that are sent at a time.
    var dispatchBytes = 50_000_000
    /// How long requests wait for an account to be settled.
    var billingBudget: Duration?
    var maximumConcurrentSamples: Int?
    /// The binary dialect that the flags tell of, for servers that read protobuf.
    var dialect: WireDialect?
    /// A model can be made of a checkpoint in one request (`load_weights` with `session_id`).
    var createsModelsByLoading = false
    /// Samplers can be closed, and are kept until then where a client asks for that (the embedded server).
    var closesSamplers = false
    /// Waiting samples may be cancelled.
    var cancelsSamples = false
    /// The most cancellations that are sent at a time.
    var cancellationBatch = 64
    var refreshInterval: Duration = .seconds(300)

    init() {}

    init(configuration: JSONValue) {
        exchangesKeys = configuration["pjwt_auth_enabled"]?.boolValue ?? false
        if let count = configuration.positive("fwdbwd_max_chunk_len") { chunkLimits.datums = count }
        if let count = configuration.positive("fwdbwd_max_chunk_bytes_count") { chunkLimits.bytes = count }
        takesChunksInAnyOrder = configuration["parallel_fwdbwd_chunks"]?.boolValue ?? false
        compressesBodies = configuration["proto_compress_fwdbwd"]?.boolValue ?? false
        announcesSamples = configuration["sample_use_retrieve_futures"]?.boolValue ?? false
        if let count = configuration.positive("inflight_response_bytes_semaphore_size") { responseBytes = count }
        if let count = configuration.positive("fwdbwd_dispatch_bytes_semaphore_size") { dispatchBytes = count }
        billingBudget = configuration.positive("billing_exception_max_pause_duration_sec").map { .seconds($0) }
        maximumConcurrentSamples = configuration.positive("sample_max_concurrent_requests")
        createsModelsByLoading = configuration["create_model_via_load_weights"]?.boolValue ?? false
        closesSamplers = configuration["sampler_close_enabled"]?.boolValue ?? false
        if configuration["proto_write_fwdbwd"]?.boolValue == true { dialect = .protobuf }
        // Flags that came with the latest dialect; servers of it say them, whatever their values.
        let latest = ["sample_use_retrieve_futures", "sample_join_sampling_session", "custom_loss_server_side"]
        if latest.contains(where: { configuration[$0] != nil }) { dialect = .protobufWithSequences }
    }

    /// Takes over what a server may change while clients are connected.
    mutating func update(dynamic configuration: JSONValue) {
        cancelsSamples = configuration["sample_cancel_enabled"]?.boolValue ?? false
        if let count = configuration.positive("sample_cancel_max_batch_size") { cancellationBatch = count }
        if let seconds = configuration.positive("refresh_interval_sec") { refreshInterval = .seconds(max(10, seconds)) }
    }
}

extension JSONValue {
    /// A member that is a positive integer below 2³², which no count or size of the protocol exceeds.
    fileprivate func positive(_ key: String) -> Int? {
        guard let number = self[key]?.integerValue, number > 0, number < 1 << 32 else { return nil }
        return number
    }
}
