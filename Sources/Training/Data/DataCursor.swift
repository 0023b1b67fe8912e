import Primitives

/// How far a stage has read into its data. It is a function of the step, and is stored in manifests so that a resume can
/// prove that it neither repeats nor skips anything.
public struct DataCursor: Sendable, Equatable {
    /// Items taken since the start of the stage.
    public var consumed: Int
    /// Whole passes over the data that are behind us; 0 for an endless stream.
    public var epoch: Int
    /// The position of the next item in its epoch (in a stream, its index).
    public var next: Int

    public init(consumed: Int, epoch: Int, next: Int) {
        self.consumed = consumed
        self.epoch = epoch
        self.next = next
    }

    public var json: JSONValue {
        .object(["consumed": .integer(consumed), "epoch": .integer(epoch), "next": .integer(next)])
    }

    public init(json: JSONValue) throws(JSONError) {
        consumed = try json.integer(at: "consumed")
        epoch = try json.integer(at: "epoch")
        next = try json.integer(at: "next")
    }
}
