import Primitives
import Storage
import Transport

/// Recorded answers of sources, `medresearcher.cassette/1`: a line `{"request": …, "answer": …}` for each request. Requests
/// are known by what they ask, without keys (``SourceRequest/canonical``). The actor runs on a queue of its own.
public actor Cassette {
    public static let format = "medresearcher.cassette/1"

    private nonisolated let executor = QueueExecutor(label: "medresearcher.cassette")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    public nonisolated let mode: RecordingMode
    private let file: RecordingFile
    private var answers: [JSONValue: HTTPResponse] = [:]

    public init(path: String, mode: RecordingMode) throws(StorageError) {
        self.mode = mode
        file = try RecordingFile(path: path, format: Self.format, mode: mode)
        for (index, row) in file.rows.enumerated() {
            do throws(JSONError) {
                let request = JSONValue.object(try row.object(at: "request"))
                answers[request] = try RecordedAnswer.response(JSONValue.object(try row.object(at: "answer")))
            } catch {
                throw file.malformed(row: index, error)
            }
        }
    }

    /// How many requests have an answer.
    public var count: Int { answers.count }

    func answer(to request: SourceRequest) -> HTTPResponse? { answers[request.canonical] }

    func keep(_ response: HTTPResponse, of request: SourceRequest) throws(StorageError) {
        let (canonical, answer) = (request.canonical, RecordedAnswer.json(response))
        try file.keep(["request": canonical, "answer": answer])
        // What is read back from the file must be what this process answers.
        answers[canonical] = (try? RecordedAnswer.response(answer)) ?? response
    }

    /// Says that a request is not recorded, and which one comes nearest.
    func absence(of request: SourceRequest) -> String {
        func shown(_ canonical: JSONValue) -> String {
            let method = canonical["method"]?.stringValue ?? ""
            let body = canonical["body"]?.stringValue.map { " " + $0 } ?? ""
            return "\(method) \(canonical["url"]?.stringValue ?? "")\(body)"
        }
        let asked = shown(request.canonical)
        return "the recording has no answer to \(asked.prefix(300)); "
            + RecordingFile.nearest(asked, in: answers.keys.map(shown))
    }
}
