/// A tool that asks one source. Its texts were written by others.
protocol SourceTool: TypedTool {
    var client: SourceClient { get }
    /// US dollars.
    var costPerCall: Double { get }
}

extension SourceTool {
    public var traits: ToolTraits {
        ToolTraits(timeout: client.timeout, costPerCall: costPerCall, isTrusted: false)
    }
}
