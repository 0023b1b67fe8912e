import Primitives

/// One conversation to imitate, in the chat-messages format, with a weight of the loss for each message.
public struct SupervisedExample: Sendable, Hashable {
    public var questionID: String
    public var messages: [Message]
    /// One per message: 1 for the assistant's, 0 for all others.
    public var weights: [Float]

    /// Weighs every assistant message by one and everything else by zero.
    public init(questionID: String, messages: [Message]) {
        self.questionID = questionID
        self.messages = messages
        weights = messages.map { $0.role == .assistant ? 1 : 0 }
    }

    /// `{"messages": […], "weights": […], "question_id": …}`
    public var json: JSONValue {
        [
            "messages": .array(messages.map(\.json)), "weights": .floats(weights),
            "question_id": .string(questionID),
        ]
    }

    public init(json: JSONValue) throws(JSONError) {
        questionID = try json.string(at: "question_id")
        messages = []
        for (index, message) in try json.array(at: "messages").enumerated() {
            do throws(JSONError) { messages.append(try Message(json: message)) } catch {
                throw error.within("messages[\(index)]")
            }
        }
        weights = try json.floats(at: "weights")
        guard weights.count == messages.count else {
            throw .unexpected(
                path: "weights", expected: "\(messages.count) numbers, one per message", found: "\(weights.count)")
        }
    }

    public static func write(_ examples: [SupervisedExample], to path: String) throws(SynthesisError) {
        try DatasetFile.write(examples.map(\.json), path)
    }

    public static func read(_ path: String) throws(SynthesisError) -> [SupervisedExample] {
        var examples: [SupervisedExample] = []
        for row in try DatasetFile.rows(path) {
            examples.append(
                try DatasetFile.read(path) { () throws(JSONError) in try SupervisedExample(json: row) })
        }
        return examples
    }
}
