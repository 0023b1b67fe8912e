/// Why a judge gave no verdict. None of these is a verdict: a failure never becomes a reward of zero.
public enum JudgeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The template names a value that there is not, or does not show one that it must show.
    case invalidTemplate(version: String, problem: String)
    /// There is nothing to judge: an answer or a rubric that is empty or too long.
    case unusableInput(problem: String)
    case modelFailed(model: String, problem: String)
    /// The reply is not exactly the object that was asked for.
    case invalidReply(model: String, problem: String, reply: String)
    /// A question with a known answer was judged wrongly, so no verdict of its batch counts.
    case canaryFailed(model: String, canary: String, expected: String, found: String)
    case cacheFailed(path: String, problem: String)

    public var description: String {
        switch self {
        case .invalidTemplate(let version, let problem): "judge template \(version): \(problem)"
        case .unusableInput(let problem): "nothing to judge: \(problem)"
        case .modelFailed(let model, let problem): "judge \(model) failed: \(problem)"
        case .invalidReply(let model, let problem, let reply):
            "judge \(model) gave no verdict: \(problem); the reply began with \"\(reply.prefix(200))\""
        case .canaryFailed(let model, let canary, let expected, let found):
            "judge \(model) failed the canary \(canary): expected \(expected), found \(found); "
                + "no verdict of this batch counts"
        case .cacheFailed(let path, let problem): "judge cache \(path): \(problem)"
        }
    }
}
