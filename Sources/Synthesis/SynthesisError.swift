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
    /// A row of a file of the user's own cannot be used; `advice` says what to do.
    case unusableRow(place: String, reason: JSONError, advice: String)
    /// Lines of the user's files of conversations cannot be used. `problems` name file and line; there are `count` in all.
    case unusableConversations(problems: [String], count: Int)
    /// A question and its certificate were stored under different ids.
    case missingCertificate(question: String, path: String)
    /// A stored certificate does not hold on the graph.
    case refutedCertificate(question: String, failure: CertificateFailure)

    /// The journal in the output directory is that of another synthesis.
    case otherJournal(path: String, difference: String)
    case interrupted(directory: String, finished: Int, total: Int)
    /// A model that a synthesis needs to go on failed for good.
    case model(reason: String)
    case spendLimitReached(reason: String, finished: Int, total: Int)
    /// The refinement of questions was stopped.
    case refinementInterrupted(directory: String, finished: Int, total: Int)
    case refinementSpendLimitReached(reason: String)
    /// The output directory holds the refined questions of another synthesis.
    case otherRefinement(path: String, difference: String)
    /// Every question was left out.
    case noQuestionsLeft(reason: String)

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
        case .unusableRow(let place, let reason, let advice): "\(place): \(reason). \(advice)"
        case .unusableConversations(let problems, let count):
            (count == 1 ? "a line of the data set" : "\(count) lines of the data set")
                + " cannot be used; correct or remove "
                + (count == 1 ? "it:" : "them:") + problems.map { "\n  " + $0 }.joined()
                + (count > problems.count ? "\n  and \(count - problems.count) more" : "")
        case .missingCertificate(let question, let path):
            "\(path): no certificate for question \(question), expected one per question. Synthesise the dataset again."
        case .refutedCertificate(let question, let failure):
            "question \(question): its certificate does not hold: \(failure). Use the graph it was made for, or "
                + "synthesise the dataset again."
        case .otherJournal(let path, let difference):
            "\(path): the journal was begun with another recipe, graph or version (\(difference) differ), so it cannot be "
                + "continued. Choose another --output or name, or delete the directory."
        case .interrupted(let directory, let finished, let total):
            "stopped after \(finished) of \(total) demonstrations, which are kept in \(directory). Give the same command "
                + "again to go on."
        case .model(let reason):
            "\(reason). Everything answered so far is kept; give the same command again to go on."
        case .spendLimitReached(let reason, let finished, let total):
            "\(reason). \(finished) of \(total) demonstrations are kept; raise the limit and give the same command again to "
                + "go on."
        case .refinementInterrupted(let directory, let finished, let total):
            "stopped while questions were refined, after \(finished) of \(total). Every answer of a model is kept in "
                + "\(directory). Give the same command again to go on."
        case .refinementSpendLimitReached(let reason):
            "\(reason). Every answer so far is kept; raise the limit and give the same command again to go on."
        case .otherRefinement(let path, let difference):
            "\(path): the questions were refined with another recipe, graph or version (\(difference) differ). Choose another "
                + "--output or name, or delete the directory."
        case .noQuestionsLeft(let reason):
            "no question is left to demonstrate: \(reason). Loosen synthesis.difficulty or synthesis.contamination, or "
                + "use a larger graph. Choose another --output then: this one keeps what was refined."
        }
    }
}
