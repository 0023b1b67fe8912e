/// What was wrong with a JSON text, or with the shape of the value that it held.
public enum JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is not JSON. `offset` counts bytes from 0; `line` and `column` count from 1, the column in bytes.
    case syntax(problem: String, offset: Int, line: Int, column: Int)
    /// The value at `path` is not what the reader needs. The empty path is the whole value.
    case unexpected(path: String, expected: String, found: String)

    public var description: String {
        switch self {
        case .syntax(let problem, let offset, let line, let column):
            "invalid JSON at line \(line), column \(column) (byte \(offset)): \(problem)"
        case .unexpected(let path, let expected, let found):
            "JSON \(path.isEmpty ? "value" : "member `\(path)`") should be \(expected), but is \(found)"
        }
    }

    /// The same error seen from an enclosing value that reached the failing one by `outer`.
    public func within(_ outer: String) -> JSONError {
        guard case .unexpected(let path, let expected, let found) = self else { return self }
        let joined = path.isEmpty ? outer : path.hasPrefix("[") ? outer + path : outer + "." + path
        return .unexpected(path: joined, expected: expected, found: found)
    }
}
