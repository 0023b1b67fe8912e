/// Makes a loss of the name and the settings that a request gives, with the defaults of the Tinker API.
enum LossSettings {
    /// The loss by its name, with the settings that it knows and their defaults.
    private static let losses: [(name: String, settings: [(key: String, standard: Double)])] = [
        ("cross_entropy", []),
        ("importance_sampling", []),
        ("ppo", [("clip_low_threshold", 0.8), ("clip_high_threshold", 1.2)]),
        ("cispo", [("clip_low_threshold", 0), ("clip_high_threshold", 4)]),
        ("dro", [("beta", 0.05)]),
    ]

    /// - Parameters:
    ///   - name: what the request says, as it is written.
    ///   - path: where the request says it, for errors.
    static func loss(
        named name: String, settings given: [(key: String, value: Double)], path: String
    ) throws(ServiceError) -> DecoderLoss {
        guard let loss = losses.first(where: { $0.name == name }) else {
            let known = losses.map(\.name).joined(separator: ", ")
            throw .invalid("`\(path)loss_fn` is `\(name)`; supported are \(known)")
        }
        var values = Dictionary(uniqueKeysWithValues: loss.settings.map { ($0.key, $0.standard) })
        for (key, value) in given {
            guard values[key] != nil else {
                let known = loss.settings.isEmpty ? "no setting" : loss.settings.map(\.key).joined(separator: " and ")
                throw .invalid("`\(path)loss_fn_config.\(key)` is unknown; \(name) takes \(known)")
            }
            guard value.isFinite, value >= 0 else {
                throw .invalid("`\(path)loss_fn_config.\(key)` is \(value); expected a finite number of at least 0")
            }
            values[key] = value
        }
        let (low, high) = (values["clip_low_threshold"] ?? 0, values["clip_high_threshold"] ?? 0)
        guard low <= high else {
            throw .invalid("`\(path)loss_fn_config`: clip_low_threshold \(low) exceeds clip_high_threshold \(high)")
        }
        switch name {
        case "cross_entropy": return .crossEntropy
        case "importance_sampling": return .importanceSampling
        case "ppo": return .ppo(clipLow: Float(low), clipHigh: Float(high))
        case "cispo": return .cispo(clipLow: Float(low), clipHigh: Float(high))
        default: return .dro(beta: Float(values["beta"] ?? 0))
        }
    }
}
