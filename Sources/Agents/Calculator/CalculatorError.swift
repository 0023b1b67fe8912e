/// Why an expression has no value. The text is for the policy to read, without a full stop.
public struct CalculatorError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
