/// Decides at each turn which tools the policy model may call, from what the episode has seen so far: the paper's
/// a ~ π(a | s, T) with T = general ∪ medical tools, reduced to which of T are on offer.
///
/// A policy is a value without memory: the same state gives the same selection, so that a logged state can be replayed,
/// also under another policy.
public protocol ToolSelectionPolicy: Sendable {
    /// Short and stable; written into logs.
    var name: String { get }

    /// A verdict on every tool of the state, in the state's order.
    func selection(for state: ToolSelectionState) -> ToolSelection
}
