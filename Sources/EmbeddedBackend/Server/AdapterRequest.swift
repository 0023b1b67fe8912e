import Primitives

extension AdapterConfiguration {
    /// Reads `lora_config`; `nil` for none and for rank 0, which both mean that all parameters are trained.
    init?(request: JSONValue?) throws(ServiceError) {
        guard let request, request != .null else { return nil }
        guard request.objectValue != nil else { throw .invalid("`lora_config` should be an object") }
        try request.refuseUnknownMembers(
            ["rank", "alpha", "seed", "train_unembed", "train_mlp", "train_attn"], path: "lora_config")
        guard let rank = request["rank"]?.integerValue, rank >= 0 else {
            throw .invalid(
                "`lora_config.rank` is \(request["rank"]?.text ?? "missing"); expected an integer of at least 0")
        }
        if rank == 0 { return nil }
        func flag(_ key: String) throws(ServiceError) -> Bool {
            guard let value = request[key], value != .null else { return true }
            guard let flag = value.boolValue else { throw .invalid("`lora_config.\(key)` should be true or false") }
            return flag
        }
        var configuration = AdapterConfiguration(
            rank: rank, trainsAttention: try flag("train_attn"), trainsFeedForward: try flag("train_mlp"),
            trainsUnembedding: try flag("train_unembed"))
        if let alpha = request["alpha"], alpha != .null {
            guard let number = alpha.doubleValue, number.isFinite, number > 0 else {
                throw .invalid("`lora_config.alpha` is \(alpha.text); expected a number above 0")
            }
            configuration.alpha = Float(number)
        }
        if let seed = request["seed"], seed != .null {
            guard let number = seed.integerValue else { throw .invalid("`lora_config.seed` should be an integer") }
            configuration.seed = UInt64(bitPattern: Int64(number))
        }
        guard configuration.trainsAttention || configuration.trainsFeedForward || configuration.trainsUnembedding else {
            throw .invalid("`lora_config` trains nothing: set one of train_attn, train_mlp and train_unembed")
        }
        self = configuration
    }

    /// The form of `lora_config`, which ``init(request:)`` reads.
    var json: JSONValue {
        [
            "rank": .integer(rank), "alpha": .float(alpha), "seed": .integer(Int64(bitPattern: seed)),
            "train_unembed": .bool(trainsUnembedding), "train_mlp": .bool(trainsFeedForward),
            "train_attn": .bool(trainsAttention),
        ]
    }

    /// Whether weights of the one fit into a trainer of the other.
    func hasShape(of other: AdapterConfiguration) -> Bool {
        rank == other.rank && alpha == other.alpha && trainsAttention == other.trainsAttention
            && trainsFeedForward == other.trainsFeedForward && trainsUnembedding == other.trainsUnembedding
    }
}

extension AdapterConfiguration? {
    /// For errors.
    var words: String { self.map { "LoRA of rank \($0.rank) and alpha \($0.alpha)" } ?? "all parameters" }
}
