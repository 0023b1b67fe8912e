/// The selection policies by the names that recipes and logs give them.
public enum ToolSelectionMethod: String, Sendable, Hashable, CaseIterable {
    case all
    case medicalFirst = "medical_first"
    case relevance
    case upperConfidence = "upper_confidence"

    /// The policy, told only of tools in health.
    /// - Parameter limit: the most tools on offer, where the policy ranks tools.
    public func policy(limit: Int = 4) -> any ToolSelectionPolicy {
        let policy: any ToolSelectionPolicy =
            switch self {
            case .all: AllToolsPolicy()
            case .medicalFirst: MedicalFirstPolicy()
            case .relevance: RelevancePolicy(limit: limit)
            case .upperConfidence: UpperConfidencePolicy(limit: limit)
            }
        return HealthAwarePolicy(policy)
    }
}
