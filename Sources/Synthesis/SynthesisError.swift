import Knowledge
import Primitives
import Rewards
import Storage

/// Why no dataset could be made or read.
public enum SynthesisError: Error, CustomStringConvertible {
    case knowledge(KnowledgeError)
    case storage(StorageError)
    /// An excluded relation is not in the graph.
    case unknownRelation(name: String, known: [String])
    case invalidConfiguration(field: String, found: String, expected: String)
    /// The graph gives fewer usable questions than are to be held out.
    case tooFewQuestions(found: Int, requested: Int)
    case unusableGold(question: String, reason: RewardError)
    /// A stored row misses a field or has it in another form.
    case invalidRow(path: String, reason: JSONError)
    /// A question and its certificate were stored under different ids.
    case missingCertificate(question: String, path: String)
    /// A stored certificate does not hold on the graph.
    case refutedCertificate(question: String, failure: CertificateFailure)
    /// The teacher's guidance or question has a form that it cannot follow.
    case teacher(reason: String)

    public var description: String {
        switch self {
        case .knowledge(let error): "\(error)"
        case .storage(let error): "\(error)"
        case .unknownRelation(let name, let known):
            "synthesis: excluded relation “\(name)”, expected one of \(known.joined(separator: ", ")). Correct the name."
        case .invalidConfiguration(let field, let found, let expected):
            "synthesis: \(field) is \(found), expected \(expected). Correct the recipe."
        case .tooFewQuestions(let found, let requested):
            "synthesis: the graph gives \(found) questions, expected more than the \(requested) to hold out. "
                + "Allow more hops or relations, hold out fewer, or use a larger graph."
        case .unusableGold(let question, let reason):
            "question \(question): \(reason). Rename the answer's entity or its synonyms in the graph."
        case .invalidRow(let path, let reason): "\(path): \(reason). Synthesise the dataset again."
        case .missingCertificate(let question, let path):
            "\(path): no certificate for question \(question), expected one per question. Synthesise the dataset again."
        case .refutedCertificate(let question, let failure):
            "question \(question): its certificate does not hold: \(failure). Use the graph it was made for, or "
                + "synthesise the dataset again."
        case .teacher(let reason): "teacher: \(reason)"
        }
    }
}
