import Storage

/// Why a table of frequencies or prevalences was refused.
public enum ReasoningError: Error, CustomStringConvertible {
    case storage(StorageError)
    /// `place` names file and line.
    case malformed(place: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .storage(let error): "\(error)"
        case .malformed(let place, let found, let expected):
            "\(place): found \(found), expected \(expected). Correct the table."
        }
    }
}
