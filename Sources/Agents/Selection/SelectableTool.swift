import Tokenizers

/// A tool as a selection sees it.
public struct SelectableTool: Sendable, Hashable {
    /// The two halves of the paper's tool set. The raw values are written into logs.
    public enum Group: String, Sendable, Hashable, CaseIterable {
        case general, medical
    }

    public var name: String
    /// What the policy model is told that the tool is for.
    public var purpose: String
    public var group: Group
    /// Words of questions that the tool is good for and that its purpose does not say.
    public var keywords: [String]
    /// US dollars.
    public var costPerCall: Double
    /// Whether the router does not ask the tool for a while because it failed too often.
    public var isSuspended: Bool

    public init(
        name: String, purpose: String, group: Group, keywords: [String] = [], costPerCall: Double = 0,
        isSuspended: Bool = false
    ) {
        self.name = name
        self.purpose = purpose
        self.group = group
        self.keywords = keywords
        self.costPerCall = costPerCall
        self.isSuspended = isSuspended
    }

    public init(
        _ description: ToolDescription, _ traits: ToolTraits, keywords: [String] = [], isSuspended: Bool = false
    ) {
        self.init(
            name: description.name, purpose: description.description, group: traits.group, keywords: keywords,
            costPerCall: traits.costPerCall, isSuspended: isSuspended)
    }
}
