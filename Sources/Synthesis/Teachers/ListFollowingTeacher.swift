import Knowledge
import Primitives

/// A teacher that reads passages by the sentences that word the relations, follows every name of a list, and goes on after
/// failed calls. It knows the wording of the relations and no fact.
///
/// With guidance it works breadth first: it looks every candidate up before it takes the next relation, so that the answer is
/// what is left of all. Without guidance it reads the relations from the question's own words and works depth first: it
/// follows the first candidate to its end and comes back where that leads nowhere.
public struct ListFollowingTeacher: Teacher {
    public let name = "list-following"
    /// Whether candidates of one hop are looked up by the calls of one turn; otherwise a turn makes one call.
    public var callsInParallel: Bool
    /// So often a call is made before the teacher gives up.
    public var maximumAttempts: Int
    private let relations: [Relation]
    private let reading: QuestionReading

    public init(relations: [Relation], callsInParallel: Bool = false, maximumAttempts: Int = 4) {
        self.relations = relations
        self.callsInParallel = callsInParallel
        self.maximumAttempts = maximumAttempts
        reading = QuestionReading(relations: relations)
    }

    public func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply {
        let lookups = Lookups(conversation)
        let hopeless = lookups.attempts.first {
            lookups.passages[$0.query] == nil && $0.count >= maximumAttempts
        }
        if let hopeless { throw .lost(reason: "\(hopeless.count) searches for “\(hopeless.query)” failed") }
        let walk = try walk(task, lookups)
        let number = conversation.count { $0.role == .assistant }
        var phrasing = TeacherPhrasing(random: task.key.random(.phrasing, turn: number))
        let report = report(walk, lookups, &phrasing)
        switch walk.next {
        case .answer(let answer):
            return LanguageModelReply(
                message: Message(
                    role: .assistant, content: "<answer>\(answer)</answer>",
                    thinking: report + phrasing.conclusion(answer)))
        case .look(let names, let step):
            let calls = names.map { ToolCall(name: "search", arguments: ["query": .string($0)]) }
            return LanguageModelReply(
                message: Message(
                    role: .assistant, content: "",
                    thinking: report + phrasing.intention(phrase(step, names), names: names), toolCalls: calls))
        }
    }

    // MARK: Walking

    /// What the passages seen so far lead to.
    private struct Walk {
        enum Next {
            case look([String], Step)
            case answer(String)
        }

        /// What was read about each name, in the order of reading.
        var findings: [(subject: String, step: Step, objects: [String])] = []
        var next = Next.answer("")
    }

    private func walk(_ task: TeacherTask, _ lookups: Lookups) throws(TeacherError) -> Walk {
        var walk = Walk()
        if let guidance = task.guidance {
            walk.next = try breadthFirst(from: task.anchor, guidance.steps, lookups, &walk)
            return walk
        }
        guard let question = reading.read(task.question) else {
            throw .lost(reason: "the question “\(task.question)” is not worded by nested phrases; give guidance")
        }
        var visited: Set<[String]> = []
        guard let next = depthFirst(from: question.anchor, question.steps[...], lookups, &walk, &visited) else {
            throw .lost(reason: "no passage leads from “\(question.anchor)” to an answer")
        }
        walk.next = next
        return walk
    }

    private func breadthFirst(
        from anchor: String, _ steps: [Step], _ lookups: Lookups, _ walk: inout Walk
    ) throws(TeacherError) -> Walk.Next {
        var candidates = [anchor]
        for step in steps {
            var reached: [String] = []
            for (position, candidate) in candidates.enumerated() {
                guard let passage = lookups.passages[candidate] else {
                    let missing = candidates[position...].filter { lookups.passages[$0] == nil }
                    return .look(callsInParallel ? missing : [candidate], step)
                }
                let objects = read(step, of: candidate, in: passage, &walk)
                reached += objects.filter { !reached.contains($0) }
            }
            guard !reached.isEmpty else {
                throw .lost(reason: "no passage says what is \(phrase(step, candidates))")
            }
            candidates = reached
        }
        guard candidates.count == 1 else { throw .lost(reason: "\(candidates.count) candidates are left at the end") }
        return .answer(candidates[0])
    }

    /// `nil` where no candidate leads to the end. A name is tried once for the same steps, so cycles end.
    private func depthFirst(
        from name: String, _ steps: ArraySlice<Step>, _ lookups: Lookups, _ walk: inout Walk,
        _ visited: inout Set<[String]>
    ) -> Walk.Next? {
        guard let step = steps.first else { return .answer(name) }
        guard visited.insert([name, "\(steps.count)"]).inserted else { return nil }
        guard let passage = lookups.passages[name] else { return .look([name], step) }
        let objects = read(step, of: name, in: passage, &walk)
        if steps.count == 1 { return objects.count == 1 ? .answer(objects[0]) : nil }
        for object in objects {
            if let next = depthFirst(from: object, steps.dropFirst(), lookups, &walk, &visited) { return next }
        }
        return nil
    }

    private func read(_ step: Step, of subject: String, in passage: String, _ walk: inout Walk) -> [String] {
        let phrases = relations[Int(step.relation)].phrases(inverse: step.isInverse)
        let objects = PassageReader(phrases: phrases).objects(of: subject, in: passage)
        walk.findings.append((subject, step, objects))
        return objects
    }

    // MARK: Thinking aloud

    /// `the gene that causes A or B`
    private func phrase(_ step: Step, _ names: [String]) -> String {
        relations[Int(step.relation)].phrases(inverse: step.isInverse).phrase(from: names.joined(separator: " or "))
    }

    /// What the last turn's calls brought.
    private func report(_ walk: Walk, _ lookups: Lookups, _ phrasing: inout TeacherPhrasing) -> String {
        var lines: [String] = []
        for query in lookups.newest {
            guard lookups.passages[query] != nil else {
                lines.append(phrasing.failure)
                continue
            }
            guard let finding = walk.findings.last(where: { $0.subject == query }) else { continue }
            lines.append(phrasing.finding(phrase(finding.step, [query]), objects: finding.objects))
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// What a conversation's searches brought.
private struct Lookups {
    /// The passage of each query whose call did not fail.
    var passages: [String: String] = [:]
    /// How often each query was asked, in the order of first asking.
    var attempts: [(query: String, count: Int)] = []
    /// The queries of the last turn.
    var newest: [String] = []

    init(_ conversation: [Message]) {
        var asked: [String] = []
        var answered = 0
        for message in conversation {
            switch message.role {
            case .assistant:
                asked = message.toolCalls.map { $0.arguments["query"]?.stringValue ?? "" }
                answered = 0
                newest = asked
                for query in asked {
                    if let index = attempts.firstIndex(where: { $0.query == query }) {
                        attempts[index].count += 1
                    } else {
                        attempts.append((query, 1))
                    }
                }
            case .tool where answered < asked.count:
                if !ObservationFailure.isFailure(message.content) { passages[asked[answered]] = message.content }
                answered += 1
            default: break
            }
        }
    }
}
