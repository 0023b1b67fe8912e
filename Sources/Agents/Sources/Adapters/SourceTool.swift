/// A tool that asks one source. Its texts were written by others.
protocol SourceTool: TypedTool {
    var client: SourceClient { get }
    /// US dollars.
    var costPerCall: Double { get }
    var group: SelectableTool.Group { get }
}

extension SourceTool {
    var group: SelectableTool.Group { .medical }

    public var traits: ToolTraits {
        ToolTraits(timeout: client.timeout, costPerCall: costPerCall, isTrusted: false, group: group)
    }
}
