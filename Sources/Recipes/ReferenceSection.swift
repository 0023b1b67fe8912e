import Training

/// `rl.kl`: the distance from a reference policy, measured or paid for.
public struct ReferenceSection: Sendable {
    public enum Form: String, CaseIterable, Sendable { case metric, reward, advantage }

    /// Which policy the distance is measured from.
    public enum Reference: String, CaseIterable, Sendable {
        /// The one that the stage starts from, for example that of the supervised stage.
        case stageStart = "stage_start"
        /// `model.base`.
        case base
        /// That of a manifest, of this run or another.
        case manifest
    }

    public var penalty: ReferencePenalty
    public var reference: Reference
    /// The file of the manifest; set exactly where `reference` says so.
    public var manifest: String?

    init(_ section: RecipeSection) {
        let form = section.choice("form", default: Form.metric) ?? .metric
        reference = section.choice("reference", default: Reference.stageStart) ?? .stageStart
        section.expects("manifest", onlyIf: reference == .manifest, "reference", is: reference.rawValue)
        if reference == .manifest { manifest = section.file("manifest") }
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
