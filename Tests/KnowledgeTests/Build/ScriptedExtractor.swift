import Primitives
import Synchronization

@testable import Knowledge

/// Answers as a script says, and remembers what it was asked.
final class ScriptedExtractor: FactExtractor {
    let name = "scripted"
    private let script: @Sendable (ExtractionRequest) throws(ExtractionFailure) -> String
    private let asked = Mutex<[ExtractionRequest]>([])

    var requests: [ExtractionRequest] { asked.withLock { $0 } }

    init(_ script: @escaping @Sendable (ExtractionRequest) throws(ExtractionFailure) -> String) { self.script = script }

    func answer(_ request: ExtractionRequest) async throws(ExtractionFailure) -> ExtractionAnswer {
        asked.withLock { $0.append(request) }
        return ExtractionAnswer(
            text: try script(request), usage: TokenUsage(promptTokens: 10, completionTokens: 3))
    }

    /// An answer that names entities as `(name, type)` and facts as `(head, relation, tail, quote)`.
    static func answer(
        _ entities: [(String, String)] = [], _ facts: [(String, String, String, String)] = []
    ) -> String {
        let value: JSONValue = [
            "entities": .array(
                entities.map { ["name": .string($0.0), "type": .string($0.1), "synonyms": .array([])] }),
            "facts": .array(
                facts.map {
                    [
                        "head": .string($0.0), "relation": .string($0.1), "tail": .string($0.2), "quote": .string($0.3),
                    ]
                }),
        ]
        return value.text
    }
}

extension ExtractionRequest {
    /// The number of turns that the user has taken.
    var userTurns: Int { messages.count { $0.role == .user } }

    /// The text that the conversation is about.
    var text: String {
        let first = messages.first { $0.role == .user }?.content ?? ""
        return first.firstRange(of: "Text:\n").map { String(first[$0.upperBound...]) } ?? ""
    }
}
