import Primitives

/// The checked content of an `optim_step` request; a clip norm of 0 does not clip.
struct OptimizerStep: Sendable, Equatable {
    var learningRate: Double
    var beta1: Double
    var beta2: Double
    var epsilon: Double
    var weightDecay: Double
    var gradientClipNorm: Double

    /// Reads `adam_params` with the defaults of the Tinker API.
    init(body: JSONValue) throws(ServiceError) {
        guard body["optimizer_params"] ?? .null == .null, let parameters = body["adam_params"],
            parameters.objectValue != nil
        else {
            throw .invalid("`adam_params` should be an object; this backend has the optimizer AdamW only")
        }
        try parameters.refuseUnknownMembers(
            ["learning_rate", "beta1", "beta2", "eps", "weight_decay", "grad_clip_norm"], path: "adam_params")
        func read(_ key: String, _ fallback: Double, _ range: Range<Double>) throws(ServiceError) -> Double {
            guard let value = parameters[key], value != .null else { return fallback }
            guard let number = value.doubleValue, range.contains(number) else {
                throw .invalid(
                    """
                    `adam_params.\(key)` is \(value.text); expected a finite number of at least \(range.lowerBound)\
                    \(range.upperBound == 1 ? " and below 1" : "")
                    """)
            }
            return number
        }
        let finite = 0..<Double.infinity
        learningRate = try read("learning_rate", 1e-4, finite)
        beta1 = try read("beta1", 0.9, 0..<1)
        beta2 = try read("beta2", 0.95, 0..<1)
        epsilon = try read("eps", 1e-12, finite)
        weightDecay = try read("weight_decay", 0, finite)
        gradientClipNorm = try read("grad_clip_norm", 0, finite)
    }
}
