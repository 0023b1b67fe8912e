/// Why a query has no certificate, or a certificate does not hold.
public enum CertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The certificate was made for another graph.
    case otherGraph(certified: String, given: String)
    case noSteps
    /// No fact matches this step (counted from one).
    case noAnswer(step: Int)
    case severalAnswers(count: Int, examples: [String])
    /// Each constraint has answers, but no entity meets all.
    case noCommonAnswer
    /// The other constraints have one answer without this one (counted from one).
    case unnecessaryConstraint(constraint: Int)
    /// Several walks lead to the answer, so that no single fact on them is necessary.
    case unnecessaryFacts(constraint: Int, walks: Int)
    /// The asserted facts given for a hop do not entail it.
    case unsupportedHop(constraint: Int, hop: Int)
    /// A path shorter than the number of hops leads from the anchor to the answer.
    case shortcut(length: Int, hops: Int)
    /// The witness is not a simple path along the steps from the anchor to the answer.
    case brokenWitness(reason: String)
    /// A recorded number differs from the one found.
    case contradicted(field: String, recorded: String, found: String)

    public var description: String {
        switch self {
        case .otherGraph(let certified, let given):
            "the certificate is for graph \(certified.prefix(12))…, but the graph given is \(given.prefix(12))…; "
                + "load the certified graph or certify the query again"
        case .noSteps: "the query has no steps, expected at least one"
        case .noAnswer(let step): "no fact matches step \(step), so nothing answers the query"
        case .severalAnswers(let count, let examples):
            "\(count) entities answer the query, expected one: \(examples.joined(separator: ", "))"
                + (count > examples.count ? ", …" : "")
        case .noCommonAnswer: "no entity meets all constraints, so nothing answers the query"
        case .unnecessaryConstraint(let constraint):
            "the other constraints have one answer without constraint \(constraint), so it should be left out"
        case .unnecessaryFacts(let constraint, let walks):
            "\(walks) walks of constraint \(constraint) lead to the answer, expected one, so that every fact is necessary"
        case .unsupportedHop(let constraint, let hop):
            "the facts given for hop \(hop) of constraint \(constraint) are not asserted or do not entail it"
        case .shortcut(let length, let hops):
            "a path of length \(length) leads from the anchor to the answer, shorter than the \(hops) hops"
        case .brokenWitness(let reason): "the witness path is broken: \(reason)"
        case .contradicted(let field, let recorded, let found):
            "\(field) is recorded as \(recorded), but is \(found)"
        }
    }
}
