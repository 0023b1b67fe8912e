/// The canonical form of a mathematical answer. Owned by `Mathematics/Algebra`.
struct MathematicalValue: Sendable, Hashable {
    var expression: MathExpression
}
