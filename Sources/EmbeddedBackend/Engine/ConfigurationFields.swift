import Primitives

/// The fields of a `config.json`, read strictly.
struct ConfigurationFields {
    typealias Architecture = DecoderConfiguration.Architecture

    private let json: JSONValue
    private let file: String

    init(_ json: JSONValue, file: String) {
        self.json = json
        self.file = file
    }

    // MARK: Values

    /// A field that is there and not null.
    private func value(_ key: String) -> JSONValue? { json[key].flatMap { $0.isNull ? nil : $0 } }

    func refusal(_ key: String, _ expectation: String) -> EngineError {
        .model("\(file): \"\(key)\" is \(json[key]?.text ?? "missing"); \(expectation)")
    }

    private func refusal(_ key: String, _ member: String, _ expectation: String) -> EngineError {
        .model("\(file): \"\(key).\(member)\" is \(json[key]?[member]?.text ?? "missing"); \(expectation)")
    }

    func string(_ key: String) throws(EngineError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.stringValue else { throw refusal(key, "expected a string") }
        return text
    }

    func size(_ key: String) throws(EngineError) -> Int {
        guard let value = value(key)?.integerValue, 1..<(1 << 31) ~= value else {
            throw refusal(key, "expected a positive integer")
        }
        return value
    }

    func flag(_ key: String) throws(EngineError) -> Bool {
        guard let value = value(key) else { return false }
        guard let flag = value.boolValue else { throw refusal(key, "expected true or false") }
        return flag
    }

    func positive(_ key: String, default fallback: Double) throws(EngineError) -> Double {
        guard let value = value(key) else { return fallback }
        guard let number = value.doubleValue, number > 0, number.isFinite else {
            throw refusal(key, "expected a positive number")
        }
        return number
    }

    func token(_ key: String) throws(EngineError) -> Int? {
        guard let value = value(key) else { return nil }
        guard let token = value.integerValue else { throw refusal(key, "expected a token id") }
        return token
    }

    /// One token id or a list of them.
    func tokens(_ key: String, vocabulary: Int) throws(EngineError) -> [Int] {
        guard let value = value(key) else { return [] }
        let tokens = (value.arrayValue ?? [value]).map(\.integerValue)
        guard tokens.allSatisfy({ $0.map { 0..<vocabulary ~= $0 } ?? false }) else {
            throw refusal(key, "expected token ids below vocab_size, \(vocabulary)")
        }
        return tokens.compactMap { $0 }
    }

    // MARK: Shape

    func keyValueHeads(_ heads: Int, _ architecture: Architecture) throws(EngineError) -> Int {
        // Where Qwen models do not say, transformers assumes 32; no model means that.
        if value("num_key_value_heads") == nil, architecture == .llama || json["num_key_value_heads"] != nil {
            return heads
        }
        return try size("num_key_value_heads")
    }

    func headSize(hidden: Int, heads: Int, _ architecture: Architecture) throws(EngineError) -> Int {
        if value("head_dim") != nil { return try size("head_dim") }
        if architecture == .qwen3, json["head_dim"] == nil { return Self.qwen3HeadSize }
        guard hidden % heads == 0 else {
            throw refusal(
                "head_dim", "hidden_size \(hidden) is no multiple of num_attention_heads \(heads) to derive it")
        }
        return hidden / heads
    }

    /// What transformers assumes where a Qwen3 configuration has no `head_dim`.
    private static let qwen3HeadSize = 128

    // MARK: Rotary embedding

    func rotary(maximumPositions: Int) throws(EngineError) -> (theta: Double, scaling: RotaryScaling) {
        let key = value("rope_scaling") != nil ? "rope_scaling" : "rope_parameters"
        let plainTheta = try positive("rope_theta", default: Self.defaultTheta)
        guard let members = value(key) else { return (plainTheta, .none) }
        guard let object = members.objectValue else { throw refusal(key, "expected an object") }
        func number(_ member: String) throws(EngineError) -> Double {
            guard let number = object[member]?.doubleValue, number > 0, number.isFinite else {
                throw refusal(key, member, "expected a positive number")
            }
            return number
        }
        for member in object.members where !Self.rotaryMembers.contains(member.key) && !member.value.isNull {
            throw refusal(key, member.key, "the embedded backend does not know this field of the rotary embedding")
        }
        if object["partial_rotary_factor"]?.doubleValue ?? 1 != 1 {
            throw refusal(key, "partial_rotary_factor", "the embedded backend rotates whole heads")
        }
        let theta = object["rope_theta"].map { $0.isNull } ?? true ? plainTheta : try number("rope_theta")
        let typeMember = object["rope_type"] != nil ? "rope_type" : "type"
        func originalPositions() throws(EngineError) -> Int {
            let original = "original_max_position_embeddings"
            if value(original) != nil { return try size(original) }
            guard let member = object[original], !member.isNull else { return maximumPositions }
            guard let positions = member.integerValue, positions > 0 else {
                throw refusal(key, original, "expected a positive integer")
            }
            return positions
        }
        switch object[typeMember]?.stringValue {
        case "default": return (theta, .none)
        case nil where object[typeMember] == nil && object["factor"] == nil: return (theta, .none)
        case "linear": return (theta, .linear(factor: try number("factor")))
        case "llama3":
            let (low, high) = (try number("low_freq_factor"), try number("high_freq_factor"))
            guard low < high else { throw refusal(key, "low_freq_factor", "expected less than high_freq_factor") }
            return (
                theta,
                .llama3(
                    factor: try number("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
                    originalPositions: try originalPositions())
            )
        case "yarn":
            func optional(_ member: String) throws(EngineError) -> Double? {
                object[member].map { $0.isNull } ?? true ? nil : try number(member)
            }
            let factor = try number("factor")
            var attention = RotaryScaling.Yarn.attentionFactor(factor)
            if let given = try optional("attention_factor") {
                attention = given
            } else if let scale = try optional("mscale"), let scaleOfAll = try optional("mscale_all_dim") {
                attention =
                    RotaryScaling.Yarn.attentionFactor(factor, scale: scale)
                    / RotaryScaling.Yarn.attentionFactor(factor, scale: scaleOfAll)
            }
            return (
                theta,
                .yarn(
                    .init(
                        factor: factor, attentionFactor: attention, fastTurns: try optional("beta_fast") ?? 32,
                        slowTurns: try optional("beta_slow") ?? 1, originalPositions: try originalPositions(),
                        isTruncated: object["truncate"]?.boolValue ?? true))
            )
        default:
            throw refusal(
                key, typeMember, "the embedded backend has \"default\", \"linear\", \"llama3\" and \"yarn\"")
        }
    }

    private static let defaultTheta = 10_000.0
    private static let rotaryMembers: Set<String> = [
        "rope_theta", "rope_type", "type", "factor", "low_freq_factor", "high_freq_factor",
        "original_max_position_embeddings", "partial_rotary_factor", "attention_factor", "beta_fast", "beta_slow",
        "mscale", "mscale_all_dim", "truncate",
    ]

    // MARK: What is not computed here

    func refuseUnsupported(_ architecture: Architecture) throws(EngineError) {
        if let names = value("architectures"), names != [.string(architecture.className)] {
            throw refusal("architectures", "expected [\"\(architecture.className)\"]")
        }
        let activation = try string("hidden_act") ?? "silu"
        guard activation == "silu" || activation == "swish" else {
            throw refusal("hidden_act", "the embedded backend has \"silu\"")
        }
        if let dropout = value("attention_dropout"), dropout.doubleValue != 0 {
            throw refusal("attention_dropout", "the embedded backend trains without dropout; set it to 0")
        }
        if let share = value("partial_rotary_factor"), share.doubleValue != 1 {
            throw refusal("partial_rotary_factor", "the embedded backend rotates whole heads")
        }
        if value("quantization_config") != nil {
            throw refusal("quantization_config", "the embedded backend reads float32, bfloat16 and float16 weights")
        }
        for member in json.objectValue?.members ?? [] where !isHarmless(member.key, member.value) {
            throw refusal(
                member.key,
                "this field is unknown here and may change what the model computes; remove it if it does not")
        }
    }

    func refuseSlidingWindow(_ architecture: Architecture, layerCount: Int) throws(EngineError) {
        if let types = value("layer_types") {
            guard let list = types.arrayValue, list.count == layerCount,
                list.allSatisfy({ $0.stringValue == "full_attention" })
            else { throw refusal("layer_types", "expected \"full_attention\" for each of \(layerCount) layers") }
            return
        }
        let isOn = try architecture == .llama ? true : flag("use_sliding_window")
        guard isOn, value("sliding_window") != nil else { return }
        let first = value("max_window_layers")?.integerValue ?? 0
        if architecture == .llama || first < layerCount {
            throw refusal("sliding_window", "the embedded backend attends to the whole context")
        }
    }

    private func isHarmless(_ key: String, _ value: JSONValue) -> Bool {
        value.isNull || value == false || key.hasPrefix("_") || Self.computing.contains(key)
            || Self.describing.contains(key)
    }

    /// Fields whose values are read or checked.
    private static let computing: Set<String> = [
        "model_type", "architectures", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
        "num_attention_heads", "num_key_value_heads", "head_dim", "rope_theta", "rope_scaling", "rope_parameters",
        "rms_norm_eps", "max_position_embeddings", "original_max_position_embeddings", "tie_word_embeddings",
        "attention_bias", "mlp_bias", "eos_token_id", "bos_token_id", "pad_token_id", "hidden_act",
        "attention_dropout", "partial_rotary_factor", "use_sliding_window", "sliding_window", "max_window_layers",
        "layer_types",
    ]

    /// Fields that do not change logits: origin, storage, initialisation, labels, and defaults of text generation.
    private static let describing: Set<String> = [
        "transformers_version", "torch_dtype", "dtype", "use_cache", "initializer_range", "pretraining_tp",
        "name_or_path", "model_max_length", "tokenizer_model_max_length", "tokenizer_class", "return_dict",
        "output_hidden_states", "output_attentions", "torchscript", "use_bfloat16", "id2label", "label2id",
        "num_labels", "problem_type", "task_specific_params", "finetuning_task", "prefix", "sep_token_id",
        "unk_token_id", "decoder_start_token_id", "chunk_size_feed_forward", "is_decoder", "unsloth_version",
        "unsloth_fixed", "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
        "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty",
        "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids", "num_return_sequences",
        "output_scores", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id",
        "remove_invalid_values", "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens",
        "transformers.js_config",
    ]
}
