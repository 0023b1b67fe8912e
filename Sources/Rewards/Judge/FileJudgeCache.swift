import Foundation
import Primitives

/// Keeps replies in a file of JSON lines that only grows. A last line that a crash cut off is dropped at opening.
public actor FileJudgeCache: JudgeCache {
    private let path: String
    private let handle: FileHandle
    private var replies: [String: String]

    public init(path: String) throws(JudgeError) {
        self.path = path
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            let bytes = [UInt8](try handle.readToEnd() ?? Data())
            let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            try handle.truncate(atOffset: UInt64(end))
            var replies: [String: String] = [:]
            for (index, line) in bytes[..<end].split(separator: 0x0A).enumerated() {
                do throws(JSONError) {
                    let entry = try JSONValue.parse(Array(line))
                    replies[try entry.string(at: "key")] = try entry.string(at: "reply")
                } catch {
                    throw JudgeError.cacheFailed(path: path, problem: "line \(index + 1): \(error)")
                }
            }
            self.replies = replies
        } catch let error as JudgeError {
            throw error
        } catch {
            throw .cacheFailed(path: path, problem: "\(error)")
        }
    }

    public func reply(for key: String) -> String? { replies[key] }

    public func store(_ replies: [(key: String, reply: String)]) throws(JudgeError) {
        var bytes: [UInt8] = []
        for (key, reply) in replies where self.replies[key] == nil {
            bytes += JSONValue.object(["key": .string(key), "reply": .string(reply)]).serialized()
            bytes.append(0x0A)
            self.replies[key] = reply
        }
        do {
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw .cacheFailed(path: path, problem: "\(error)")
        }
    }
}
