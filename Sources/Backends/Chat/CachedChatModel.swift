import Primitives
import Storage
import Synchronization

/// A chat model that asks each question once: answers are kept by the hash of everything they depend on.
///
/// Invariants: an answer is in the file before it is returned; equal requests under way at the same time are asked once;
/// only whole answers are kept, unless told otherwise. A file whose last line a crash cut off loses that line alone.
/// The actor runs on a queue of its own: its file work does not block the cooperative threads.
public actor CachedChatModel: ChatModel {
    private nonisolated let executor = QueueExecutor(label: "medresearcher.chat-cache")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let model: any ChatModel
    private let scope: String
    private let keepsEveryAnswer: Bool
    private let log: AppendLog
    private var answers: [String: ChatAnswer]
    private var underWay: [String: Task<Result<ChatAnswer, BackendError>, Never>] = [:]
    public nonisolated var name: String { model.name }

    /// Opens the file of a cache, and creates it where there is none.
    /// - Parameters:
    ///   - server: tells models of one name at different servers apart, for example the base URL.
    ///   - keepsEveryAnswer: whether answers that are cut off or filtered are kept too: what is paid for counts, and a
    ///     second launch is told the same.
    public init(
        _ model: any ChatModel, server: String, path: String, keepsEveryAnswer: Bool = false
    ) throws(StorageError) {
        self.model = model
        self.keepsEveryAnswer = keepsEveryAnswer
        scope = server + "\n" + model.name + "\n"
        answers = try Self.read(path)
        log = try AppendLog(path: path)
    }

    private static func read(_ path: String) throws(StorageError) -> [String: ChatAnswer] {
        guard FileStore.exists(path) else { return [:] }
        let newline = UInt8(ascii: "\n")
        let bytes = try FileStore.read(path)
        let end = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        if end < bytes.count { try AppendLog.truncate(path, to: end) }
        var answers: [String: ChatAnswer] = [:]
        for (index, line) in bytes[..<end].split(separator: newline).enumerated() {
            let row = try? JSONValue.parse(Array(line))
            guard let key = row?["key"]?.stringValue, let answer = (row?["answer"]).flatMap(ChatAnswer.init(cached:))
            else {
                throw .malformed(
                    path: path, problem: "line \(index + 1) is no kept answer; delete the file to ask everything again")
            }
            answers[key] = answer
        }
        return answers
    }

    public func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer {
        let key = key(of: request)
        while true {
            if let answer = answers[key] {
                receive?(.text(answer.message.content))
                return answer
            }
            guard let task = underWay[key] else { break }
            let result = await task.value
            // Whoever asked first gave up: that is no answer to us.
            if case .failure(.cancelled) = result, !Task.isCancelled {
                if underWay[key] == task { underWay[key] = nil }
                continue
            }
            return try result.get()
        }
        let task = Task { [model] in
            do throws(BackendError) {
                return Result<ChatAnswer, BackendError>.success(try await model.answer(request, receive: receive))
            } catch {
                return .failure(error)
            }
        }
        underWay[key] = task
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        if underWay[key] == task { underWay[key] = nil }
        let answer = try result.get()
        if keepsEveryAnswer || answer.finishReason == .stop || answer.finishReason == .toolCalls {
            try keep(answer, key)
        }
        return answer
    }

    private func key(of request: ChatRequest) -> String {
        SHA256.hex(Array(scope.utf8) + ChatWire.body(request, model: name, streams: false).serialized())
    }

    private func keep(_ answer: ChatAnswer, _ key: String) throws(BackendError) {
        let row: JSONValue = ["key": .string(key), "answer": answer.cached]
        do { try log.append(row.serialized() + [UInt8(ascii: "\n")]) } catch {
            throw .failed(operation: "keeping a chat completion", category: "disk", detail: error.description)
        }
        answers[key] = answer
    }
}

extension ChatAnswer {
    fileprivate var cached: JSONValue {
        var object: JSONObject = ["message": message.json, "finish_reason": .string(finishReason.text)]
        if let usage {
            object["usage"] = [
                "prompt_tokens": .integer(usage.promptTokens), "completion_tokens": .integer(usage.completionTokens),
            ]
        }
        return .object(object)
    }

    fileprivate init?(cached: JSONValue) {
        guard let message = cached["message"].flatMap({ try? Message(json: $0) }),
            let reason = cached["finish_reason"]?.stringValue
        else { return nil }
        var read = message
        read.isContentNull = cached["message"]?["content"]?.isNull ?? false
        self.init(message: read, finishReason: FinishReason(reason), usage: ChatWire.usage(cached["usage"]))
    }
}
