/// What can go wrong in the embedded model.
public enum EngineError: Error, CustomStringConvertible, Equatable {
    /// A model directory that cannot be used; says which file and field, what was found and what was expected.
    case model(String)
    /// A request that the model cannot run; the caller's mistake.
    case request(String)
    /// The engine was shut down while the request waited.
    case stopped

    public var description: String {
        switch self {
        case .model(let text), .request(let text): text
        case .stopped: "the sampling engine was shut down before the request finished"
        }
    }
}
