import Primitives

/// The result of a promise, in either of the protocol's forms.
enum TinkerAnswer: Sendable {
    case json(JSONValue)
    /// `application/x-protobuf`, not decoded yet.
    case protobuf([UInt8])
}
