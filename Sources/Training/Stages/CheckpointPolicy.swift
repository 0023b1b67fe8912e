/// When a stage writes manifests and which trainer states it lets go.
public struct CheckpointPolicy: Sendable {
    /// A manifest is written after every so many steps, and at the end of each stage.
    public var every: Int
    /// How many trainer states within stages are kept; states of complete stages are kept always. `nil` keeps all.
    public var keepLast: Int?
    /// Deletes a trainer state by its reference. It must accept a state that is gone already.
    public var deleteState: @Sendable (String) async throws -> Void

    public init(
        every: Int, keepLast: Int? = nil, deleteState: @escaping @Sendable (String) async throws -> Void = { _ in }
    ) {
        precondition(every > 0 && keepLast ?? 1 > 0, "manifests are written and states kept in positive numbers")
        self.every = every
        self.keepLast = keepLast
        self.deleteState = deleteState
    }
}
