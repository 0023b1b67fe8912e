import Knowledge
import Primitives

/// A teacher that follows the guidance by reading: it looks an entity up, finds the guidance's relation in the passages
/// by the sentence that words it, and looks up what stands there.
///
/// It knows the wording of the relations and no fact. Where a sentence lists several objects it takes the list for one
/// name, which finds nothing: it follows chains that are unambiguous at every hop.
public struct RuleBasedTeacher: Teacher {
    public let name = "rule-based"
    private let relations: [Relation]
    private let wording: QuestionWording

    public init(relations: [Relation]) {
        self.relations = relations
        wording = QuestionWording(relations: relations)
    }

    public func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply {
        guard let guidance = task.guidance else { throw .lost(reason: "the rule-based teacher needs guidance") }
        guard task.conditions.count == 1, let steps = guidance.paths.first else {
            throw .lost(
                reason: "the question has \(task.conditions.count) conditions; the rule-based teacher follows one")
        }
        var current = task.conditions[0].anchor
        let observations = conversation.filter { $0.role == .tool }
        for (step, observation) in zip(steps, observations) {
            let phrases = relations[Int(step.relation)].phrases(inverse: step.isInverse)
            guard let next = PassageReader(phrases: phrases).object(of: current, in: observation.content) else {
                throw .lost(reason: "no passage says: \(phrases.sentence(subject: current, objects: ["…"]))")
            }
            current = next
        }
        let found = steps.prefix(observations.count).last.map { "Found: \(wording.wanted(by: $0))\n" } ?? ""
        guard observations.count < steps.count else {
            return LanguageModelReply(
                message: Message(
                    role: .assistant, content: "<answer>\(current)</answer>", thinking: found + "Done."))
        }
        return LanguageModelReply(
            message: Message(
                role: .assistant, content: "",
                thinking: found + "Next: \(wording.wanted(by: steps[observations.count]))",
                toolCalls: [ToolCall(name: "search", arguments: ["query": .string(current)])]))
    }
}
