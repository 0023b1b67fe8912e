import Primitives
import Storage

/// Adapters on disk, in the layout of PEFT.
extension AdapterWeights {
    private static let configurationFile = "adapter_config.json"
    private static let weightsFile = "adapter_model.safetensors"

    /// Writes `adapter_config.json` and `adapter_model.safetensors` into an existing directory.
    func save(directory: String) throws(StorageError) {
        try SafeTensorsFile.write(
            DecoderWeights.sources(parameters, layout.tensors), to: directory + "/" + Self.weightsFile)
        let modules = AdapterLayout.Module.allCases.filter(layout.modules.contains).map {
            JSONValue.string($0.rawValue)
        }
        let json: JSONValue = [
            "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": nil, "inference_mode": true,
            "r": .integer(layout.rank), "lora_alpha": .float(alpha), "lora_dropout": 0.0,
            "target_modules": .array(modules), "bias": "none", "fan_in_fan_out": false, "use_rslora": false,
            "use_dora": false, "modules_to_save": nil, "init_lora_weights": true,
        ]
        try FileStore.writeAtomically(json.serialized(), to: directory + "/" + Self.configurationFile)
    }

    /// Reads an adapter for a base of this shape. Throws ``EngineError/model(_:)`` naming file and field or tensor.
    convenience init(directory: String, for shape: DecoderConfiguration) throws(EngineError) {
        let file = directory + "/" + Self.configurationFile
        let json = try DecoderWeights.json(file)
        func refusal(_ key: String, _ expectation: String) -> EngineError {
            .model("\(file): \"\(key)\" is \(json[key]?.text ?? "missing"); \(expectation)")
        }
        guard json["peft_type"]?.stringValue == "LORA" else { throw refusal("peft_type", "expected \"LORA\"") }
        guard let rank = json["r"]?.integerValue, rank > 0 else { throw refusal("r", "expected a positive integer") }
        guard let alpha = json["lora_alpha"]?.doubleValue, alpha.isFinite, alpha > 0 else {
            throw refusal("lora_alpha", "expected a positive number")
        }
        guard let names = json["target_modules"]?.arrayValue, !names.isEmpty else {
            throw refusal("target_modules", "expected a list of names")
        }
        var modules: Set<AdapterLayout.Module> = []
        for name in names {
            guard let module = name.stringValue.flatMap(AdapterLayout.Module.init(rawValue:)) else {
                let known = AdapterLayout.Module.allCases.map(\.rawValue).joined(separator: ", ")
                throw refusal("target_modules", "the embedded backend adapts \(known)")
            }
            modules.insert(module)
        }
        guard json["bias"]?.stringValue ?? "none" == "none" else { throw refusal("bias", "expected \"none\"") }
        for key in Self.unsupported {
            guard let value = json[key], !value.isNull, value != false, value != .array([]), value != .object([:])
            else { continue }
            throw refusal(key, "the embedded backend computes W + alpha / rank · B · A and nothing else")
        }
        let layout = AdapterLayout(shape, rank: rank, modules: modules)
        let buffer = FloatBuffer(count: layout.count)
        try TensorReader(file: directory + "/" + Self.weightsFile).read(layout.tensors, into: buffer)
        self.init(layout: layout, alpha: Float(alpha), parameters: buffer)
    }

    /// Whether a directory holds an adapter.
    static func isPresent(in directory: String) -> Bool { FileStore.exists(directory + "/" + configurationFile) }

    /// Fields of PEFT that change the computation where they are not null, false or empty.
    private static let unsupported = [
        "use_rslora", "use_dora", "lora_bias", "fan_in_fan_out", "modules_to_save", "rank_pattern", "alpha_pattern",
        "layers_to_transform", "layers_pattern", "exclude_modules", "layer_replication", "trainable_token_indices",
        "target_parameters", "use_qalora", "use_bdlora", "alora_invocation_tokens", "arrow_config", "kasa_config",
        "velora_config", "monteclora_config",
    ]
}

extension DecoderWeights {
    /// These weights with the adapter that a directory of PEFT layout holds; an adapter of these weights is replaced.
    public func adapted(byAdapterIn directory: String) throws(EngineError) -> DecoderWeights {
        with(try AdapterWeights(directory: directory, for: configuration))
    }
}
