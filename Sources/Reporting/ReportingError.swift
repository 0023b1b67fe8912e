import Primitives
import Storage

/// Why a report could not be made.
public enum ReportingError: Error, Sendable, CustomStringConvertible {
    case storage(StorageError)
    /// A row of a metrics file that is none; rows count from 1.
    case badRow(path: String, row: Int, problem: JSONError)

    public var description: String {
        switch self {
        case .storage(let error): error.description
        case .badRow(let path, let row, let problem):
            "\(path): row \(row) is not a row of metrics: \(problem); was the file edited?"
        }
    }
}
