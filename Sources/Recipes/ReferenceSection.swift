import Training

/// `rl.kl`: the distance from a reference policy, measured or paid for.
public struct ReferenceSection: Sendable {
    public enum Form: String, CaseIterable, Sendable { case metric, reward, advantage }

    public var penalty: ReferencePenalty
    /// The manifest whose policy is the reference; `nil`: the policy that the stage starts from, the base model.
    public var manifest: String?

    init(_ section: RecipeSection) {
        let form = section.choice("form", default: Form.metric) ?? .metric
        manifest = section.optionalFile("manifest")
        section.expects("estimator", onlyIf: form == .reward, "form", is: form.rawValue)
        section.expects("coefficient", onlyIf: form != .metric, "form", is: form.rawValue)
        section.expects("discount", onlyIf: form == .advantage, "form", is: form.rawValue)
        let coefficient = form == .metric ? 0 : section.number("coefficient", default: nil, in: 0...1000)
        switch form {
        case .metric: penalty = ReferencePenalty(.metric)
        case .reward:
            let estimator = section.choice("estimator", default: DivergenceEstimator.k1) ?? .k1
            penalty = ReferencePenalty(.reward(estimator, coefficient: coefficient))
        case .advantage:
            let discount = section.number("discount", default: 0, in: 0...1)
            penalty = ReferencePenalty(.advantage(coefficient: coefficient, discount: discount))
        }
        section.finish()
    }
}
