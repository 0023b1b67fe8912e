import Primitives

/// Lets a model shorten the thoughts of a conversation, and takes a shorter thought only if checks find nothing lost or added.
///
/// Calls, observations and the answer stay as they are. A thought that no attempt improves is kept.
public struct ThoughtRewriter: Sendable {
    /// Why a rewritten thought was not taken.
    public enum Fault: String, Sendable, Hashable, CaseIterable {
        case empty
        case notShorter = "not_shorter"
        /// A mark of a chat format, or an answer's tags.
        case markup
        /// A name or number of the old thought is missing.
        case lostFact = "lost_fact"
        /// A name or number that the old thought did not have.
        case newName = "new_name"
        /// The model's reply was cut off.
        case cutOff = "cut_off"
    }

    public struct Outcome: Sendable, Hashable {
        public var messages: [Message]
        public var rewritten = 0
        /// Thoughts for which no attempt was taken.
        public var kept = 0
        public var faults: [Fault: Int] = [:]
        /// Bytes of all thoughts before and after.
        public var bytesBefore = 0
        public var bytesAfter = 0
        public var usage = ModelUsage()
    }

    private let model: any LanguageModel
    private let attempts: Int
    /// Shorter thoughts are left alone.
    private let minimumBytes: Int
    private let seed: UInt64

    public init(model: any LanguageModel, attempts: Int = 2, minimumBytes: Int = 80, seed: UInt64) {
        self.model = model
        self.attempts = attempts
        self.minimumBytes = minimumBytes
        self.seed = seed
    }

    /// - Parameter entities: the names of the chain's entities. They, and whatever the conversation's calls ask for, count as
    ///   names whatever their spelling.
    func rewrite(_ messages: [Message], entities: [[String]]) async -> Result<Outcome, LanguageModelError> {
        var outcome = Outcome(messages: messages)
        let asked = messages.flatMap(\.toolCalls).flatMap { call in
            call.arguments.objectValue?.members.compactMap(\.value.stringValue) ?? []
        }
        let names = Set(entities.flatMap(\.self) + asked).sorted()
        for index in messages.indices where messages[index].role == .assistant {
            guard let thought = messages[index].thinking else { continue }
            outcome.bytesBefore += thought.utf8.count
            outcome.bytesAfter += thought.utf8.count
            guard thought.utf8.count >= minimumBytes else { continue }
            do throws(LanguageModelError) {
                guard let shorter = try await shorten(thought, at: index, in: outcome.messages, names, &outcome) else {
                    outcome.kept += 1
                    continue
                }
                outcome.messages[index].thinking = shorter
                outcome.rewritten += 1
                outcome.bytesAfter += shorter.utf8.count - thought.utf8.count
            } catch { return .failure(error) }
        }
        return .success(outcome)
    }

    private func shorten(
        _ thought: String, at index: Int, in messages: [Message], _ names: [String], _ outcome: inout Outcome
    ) async throws(LanguageModelError) -> String? {
        for attempt in 0..<attempts {
            let key = TrajectoryKey(seed: seed, question: 0, rollout: attempt)
            let prompt = LanguageModelPrompt(
                messages: [
                    Message(role: .system, content: Self.instructions),
                    Message(role: .user, content: Self.request(thought, at: index, in: messages)),
                ], maximumTokens: 1024, temperature: attempt == 0 ? 0 : 0.7,
                seed: key.random(.rewriting, turn: index).seed63)
            let reply = try await model.reply(to: prompt)
            outcome.usage += reply.usage
            let text = Self.trimmed(TaggedCalls.read(reply.message, readsCalls: false).content)
            let found = reply.isWhole ? Self.fault(in: text, of: thought, names: names) : .cutOff
            guard let fault = found else { return text }
            outcome.faults[fault, default: 0] += 1
        }
        return nil
    }

    private static let instructions = """
        You shorten one thought of a research protocol. Keep every name, number and conclusion of it; add none. Write plain \
        sentences without tags or quotation. Reply with the shortened thought only.
        """

    private static func request(_ thought: String, at index: Int, in messages: [Message]) -> String {
        let question = messages.first { $0.role == .user }?.content ?? ""
        let earlier = messages[..<index].compactMap(\.thinking).joined(separator: "\n")
        let turn = messages[index]
        let action =
            turn.toolCalls.isEmpty
            ? turn.content : turn.toolCalls.map { "\($0.name) \($0.argumentsText)" }.joined(separator: "\n")
        return [
            "Question:", question, "\nEarlier thoughts:", earlier, "\nThis thought:", thought,
            "\nThe action after it:", action,
        ].joined(separator: "\n")
    }

    /// What is wrong with a rewritten thought, or `nil`.
    static func fault(in text: String, of thought: String, names: [String]) -> Fault? {
        if text.isEmpty { return .empty }
        if text.contains("<") || text.contains("[MASK]") { return .markup }
        if text.utf8.count >= thought.utf8.count { return .notShorter }
        let (old, new) = (NameLeak(text: thought), NameLeak(text: text))
        for name in names {
            switch (old.contains(name), new.contains(name)) {
            case (true, false): return .lostFact
            case (false, true): return .newName
            default: break
            }
        }
        let (oldWords, newWords) = (tellingWords(thought), tellingWords(text))
        if !oldWords.isSubset(of: newWords) { return .lostFact }
        return newWords.isSubset(of: Set(words(thought))) ? nil : .newName
    }

    /// Words that are names or numbers by their spelling: with a digit, or with a capital letter inside a sentence or after
    /// their first letter.
    static func tellingWords(_ text: String) -> Set<String> {
        var result: Set<String> = []
        var startsSentence = true
        for part in text.split(whereSeparator: \.isWhitespace) {
            let word = part.drop { !$0.isLetter && !$0.isNumber }
            let bare = trimmedPunctuation(word)
            let hasDigit = bare.contains(where: \.isNumber)
            let hasInnerCapital = bare.dropFirst().contains(where: \.isUppercase)
            let isCapitalised = bare.first?.isUppercase == true && !startsSentence && bare.count > 1
            if hasDigit || hasInnerCapital || isCapitalised { result.insert(bare.lowercased()) }
            startsSentence = part.last.map { ".!?:".contains($0) } ?? startsSentence
        }
        return result
    }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map { part in
            trimmedPunctuation(part.drop { !$0.isLetter && !$0.isNumber }).lowercased()
        }
    }

    private static func trimmedPunctuation(_ word: Substring) -> String {
        guard let last = word.lastIndex(where: { $0.isLetter || $0.isNumber }) else { return "" }
        return String(word[...last])
    }

    private static func trimmed(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        return lines.joined(separator: "\n")
    }
}
