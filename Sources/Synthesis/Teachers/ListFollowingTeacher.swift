import Knowledge
import Primitives

/// A teacher that reads passages by the sentences that word the relations, follows every name of a list, and goes on after
/// failed calls. It knows the wording of the relations and no fact, and is told what the question's words say.
///
/// With guidance it works breadth first: it looks every candidate up before it takes the next relation, so that the answer is
/// what is left of all. Without guidance it works depth first: it follows the first candidate to its end and comes back
/// where that leads nowhere. Of several conditions it reads one after the other; the answer is what all of them lead to.
public struct ListFollowingTeacher: Teacher {
    public let name = "list-following"
    /// Whether candidates of one hop are looked up by the calls of one turn; otherwise a turn makes one call.
    public var callsInParallel: Bool
    /// So often a call is made before the teacher gives up.
    public var maximumAttempts: Int
    private let relations: [Relation]

    public init(relations: [Relation], callsInParallel: Bool = false, maximumAttempts: Int = 4) {
        self.relations = relations
        self.callsInParallel = callsInParallel
        self.maximumAttempts = maximumAttempts
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
                    thinking: report + agreement(walk, answer, &phrasing) + phrasing.conclusion(answer)))
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
        /// Where the conditions that are read to their ends lead; of a chain alone, nothing is kept.
        var ends: [[String]] = []
        var next = Next.answer("")
    }

    private func walk(_ task: TeacherTask, _ lookups: Lookups) throws(TeacherError) -> Walk {
        var walk = Walk()
        if task.conditions.count == 1, task.guidance == nil {
            let (anchor, steps) = (task.conditions[0].anchor, task.conditions[0].steps)
            var visited: Set<[String]> = []
            guard let next = depthFirst(from: anchor, steps[...], lookups, &walk, &visited) else {
                throw .lost(reason: "no passage leads from “\(anchor)” to an answer")
            }
            walk.next = next
            return walk
        }
        for condition in task.conditions {
            var ends: [String] = []
            var visited: Set<[String]> = []
            let look =
                task.guidance == nil
                ? everyEnd(from: condition.anchor, condition.steps[...], lookups, &walk, &visited, &ends)
                : try breadthFirst(from: condition.anchor, condition.steps, lookups, &walk, &ends)
            if let look {
                walk.next = look
                return walk
            }
            walk.ends.append(ends)
        }
        let common = walk.ends.dropFirst().reduce(walk.ends.first ?? []) { common, ends in
            common.filter(ends.contains)
        }
        guard common.count == 1 else { throw .lost(reason: "\(common.count) candidates are left at the end") }
        walk.next = .answer(common[0])
        return walk
    }

    /// Looks every candidate up before the next step; `nil` once `ends` has what the last step leads to.
    private func breadthFirst(
        from anchor: String, _ steps: [Step], _ lookups: Lookups, _ walk: inout Walk, _ ends: inout [String]
    ) throws(TeacherError) -> Walk.Next? {
        ends = [anchor]
        for step in steps {
            var reached: [String] = []
            for (position, candidate) in ends.enumerated() {
                guard let passage = lookups.passages[candidate] else {
                    let missing = ends[position...].filter { lookups.passages[$0] == nil }
                    return .look(callsInParallel ? missing : [candidate], step)
                }
                let objects = read(step, of: candidate, in: passage, &walk)
                reached += objects.filter { !reached.contains($0) }
            }
            guard !reached.isEmpty else {
                throw .lost(reason: "no passage says what is \(phrase(step, ends))")
            }
            ends = reached
        }
        return nil
    }

    /// Follows every candidate to its end before the next one; `nil` once `ends` has all that the steps lead to. A name is
    /// tried once for the same steps, so cycles end.
    private func everyEnd(
        from name: String, _ steps: ArraySlice<Step>, _ lookups: Lookups, _ walk: inout Walk,
        _ visited: inout Set<[String]>, _ ends: inout [String]
    ) -> Walk.Next? {
        guard let step = steps.first else {
            if !ends.contains(name) { ends.append(name) }
            return nil
        }
        guard visited.insert([name, "\(steps.count)"]).inserted else { return nil }
        guard let passage = lookups.passages[name] else { return .look([name], step) }
        for object in read(step, of: name, in: passage, &walk) {
            if let look = everyEnd(from: object, steps.dropFirst(), lookups, &walk, &visited, &ends) { return look }
        }
        return nil
    }

    /// Follows the first candidate of a chain to a single end and comes back where there is none; `nil` where no candidate
    /// has one. A name is tried once for the same steps, so cycles end.
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

    /// What the lists of several conditions have in common.
    private func agreement(_ walk: Walk, _ answer: String, _ phrasing: inout TeacherPhrasing) -> String {
        walk.ends.count < 2 ? "" : phrasing.agreement(walk.ends, answer: answer) + "\n"
    }

    /// What the last turn's calls brought.
    private func report(_ walk: Walk, _ lookups: Lookups, _ phrasing: inout TeacherPhrasing) -> String {
        var lines: [String] = []
        for query in lookups.newest {
            guard lookups.passages[query] != nil else {
                lines.append(phrasing.failure)
                continue
            }
            for finding in walk.findings where finding.subject == query {
                let line = phrasing.finding(phrase(finding.step, [query]), objects: finding.objects)
                if !lines.contains(line) { lines.append(line) }
            }
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
