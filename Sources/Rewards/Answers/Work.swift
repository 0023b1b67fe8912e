/// The bounds of one verdict's work. They count what is done and never the time it takes, so that a verdict is the same
/// on a busy machine.
public struct WorkLimits: Sendable, Hashable {
    /// The longest answer, in UTF-8 bytes, that is read.
    public var bytes = 16384
    /// Elementary steps: characters visited, terms combined, machine words multiplied.
    public var operations = 2_000_000
    /// Decimal digits of a number that is written, or that arithmetic may produce.
    public var digits = 4000
    /// Nested brackets, braces, calls or JSON values.
    public var depth = 128

    public init() {}
}

/// What reading and comparing one answer has used so far, and the rules that it applied.
public struct Work: Sendable {
    public let limits: WorkLimits
    public private(set) var operations = 0
    /// The rules that changed or matched something, in the order of their first use.
    public private(set) var rules: [String] = []

    public init(limits: WorkLimits = WorkLimits()) { self.limits = limits }

    /// Counts `count` elementary steps.
    @inline(__always)
    public mutating func spend(_ count: Int) throws(AnswerProblem) {
        operations &+= count
        if operations > limits.operations {
            throw .overBudget("the comparison needs more than \(limits.operations) operations")
        }
    }

    /// Records a rule, once. Write it as a noun phrase in lower case: `thousands separators`.
    public mutating func apply(_ rule: String) {
        if !rules.contains(rule) { rules.append(rule) }
    }
}
