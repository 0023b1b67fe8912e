/// Offers medical tools, and general ones only once medical ones were asked in vain.
public struct MedicalFirstPolicy: ToolSelectionPolicy, Hashable {
    /// The calls of medical tools, none of which found something, after which general tools are offered. A medical call
    /// that finds something starts the count again.
    public var patience: Int

    public init(patience: Int = 2) { self.patience = max(1, patience) }

    public var name: String { "medical_first" }

    public func selection(for state: ToolSelectionState) -> ToolSelection {
        let medical = Set(state.tools.filter { $0.group == .medical }.map(\.name))
        let vain = state.calls.filter { medical.contains($0.tool) }.reversed().prefix { $0.outcome != .found }.count
        let isOpen = medical.isEmpty || vain >= patience
        let reason =
            medical.isEmpty
            ? "there is no medical tool" : "\(vain) medical calls in a row found nothing, of \(patience) to wait for"
        return ToolSelection(
            policy: name,
            choices: state.tools.map { tool in
                tool.group == .medical
                    ? ToolSelection.Choice(tool: tool.name, score: 1, isOffered: true, reason: "a medical tool")
                    : ToolSelection.Choice(
                        tool: tool.name,
                        score: medical.isEmpty ? 1 : min(0.9, 0.9 * Double(vain) / Double(patience)),
                        isOffered: isOpen, reason: reason)
            })
    }
}
