/// Which side of a comparison is read. The gold is trusted, so rules against gaming bind the prediction only.
enum AnswerSide: Sendable, Hashable {
    case gold
    case prediction
}

/// How sure a verdict is.
public enum Guarantee: Sendable, Hashable, CustomStringConvertible {
    /// Equality of exact canonical values.
    case exact
    /// Algebraic numbers told apart, or shown equal, by a root separation bound.
    case separationBound
    /// Identity testing whose probability of a wrong `correct` is at most 2^−bits.
    case probability(bits: Int)
    /// Within the tolerance that the item's policy declares.
    case tolerance
    /// A language model's judgement.
    case judged

    public var description: String {
        switch self {
        case .exact: "exact"
        case .separationBound: "separation bound"
        case .probability(let bits): "probability 2^-\(bits)"
        case .tolerance: "tolerance"
        case .judged: "judged"
        }
    }

    /// Reads what ``description`` writes.
    public init?(description: String) {
        switch description {
        case "exact": self = .exact
        case "separation bound": self = .separationBound
        case "tolerance": self = .tolerance
        case "judged": self = .judged
        default:
            let prefix = "probability 2^-"
            guard description.hasPrefix(prefix), let bits = Int(description.dropFirst(prefix.count)) else { return nil }
            self = .probability(bits: bits)
        }
    }
}

/// The outcome of comparing two canonical values.
struct Comparison: Sendable, Hashable {
    var isEqual: Bool
    var guarantee: Guarantee
}

/// One answer type under one policy: how a side is read, and when two sides are equal.
///
/// A reader is a value without state. `read` must consume the whole text: `42 or 43` is not a number.
protocol AnswerReader: Sendable {
    /// The canonical value of one side, read alone.
    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue

    /// Whether a prediction's value is right. The default is equality of canonical values; a policy with a tolerance or
    /// an identity test overrides it.
    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
}

extension AnswerReader {
    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        Comparison(isEqual: gold == prediction, guarantee: .exact)
    }
}
