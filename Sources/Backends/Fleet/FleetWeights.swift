/// One published version of a policy, as a fleet knows it.
public struct FleetWeights: Sendable, Hashable {
    /// The form in which weights travel.
    public enum Form: String, CaseIterable, Sendable {
        /// A LoRA adapter in PEFT layout, loaded beside others; several versions can be sampled at a time.
        case adapter = "lora"
        /// A whole model in Hugging Face layout, which replaces the one before.
        case full
    }

    /// New for every publication, so that no cache of an engine can confuse two versions.
    public var name: String
    /// The directory as the fleet's machines see it.
    public var directory: String

    public init(name: String, directory: String) {
        self.name = name
        self.directory = directory
    }
}
