import Storage

/// Why an index could not be written or read, or a document was refused.
public enum RetrievalError: Error, Sendable, Hashable, CustomStringConvertible {
    case storage(StorageError)
    /// The directory holds no index.
    case noIndex(path: String)
    /// The directory already holds an index, or other files.
    case indexExists(path: String)
    /// A file of the index is missing or not what the manifest says.
    case damaged(path: String, problem: String)
    /// A file was written by another version of the program.
    case unknownVersion(path: String, found: String, expected: String)
    /// Another process or another part of this one is writing.
    case locked(path: String)
    /// A document cannot be read. `place` is a file and line.
    case invalidDocument(place: String, found: String, expected: String)
    /// A file of documents that are no JSON lines cannot be read; `problem` names it and says what to do.
    case unreadable(problem: String)
    /// A line of queries or judgements cannot be read.
    case invalidJudgement(place: String, found: String, expected: String)
    /// A setting makes no sense.
    case invalidConfiguration(name: String, value: String, expected: String)

    public var description: String {
        switch self {
        case .storage(let error):
            "\(error)"
        case .noIndex(let path):
            "\(path): there is no index here. Check the path, or make one with `medresearcher retrieve index --output \(path) "
                + "FILE…`."
        case .indexExists(let path):
            "\(path): there is an index here already. Add to it with --add, or name another directory."
        case .damaged(let path, let problem):
            "\(path): \(problem). Restore the file, or make the index again from its documents."
        case .unknownVersion(let path, let found, let expected):
            "\(path): written as \(found), but this program reads \(expected). Make the index again from its documents, or "
                + "use the program that wrote it."
        case .locked(let path):
            "\(path): the index is being written by another process. Wait until it is done, or end it."
        case .invalidDocument(let place, let found, let expected):
            "\(place): found \(found), expected \(expected). Correct the line."
        case .unreadable(let problem):
            problem
        case .invalidJudgement(let place, let found, let expected):
            "\(place): found \(found), expected \(expected). Correct the line."
        case .invalidConfiguration(let name, let value, let expected):
            "\(name) is \(value), expected \(expected)."
        }
    }
}
