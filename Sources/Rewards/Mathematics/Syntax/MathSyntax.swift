/// The notation that a mathematical text is written in.
enum MathSyntax: Sendable, Hashable {
    /// LaTeX, and the plain notation that data sets mix with it: `1/2`, `2**3`, `sqrt(2)`, `1,234.5`.
    ///
    /// `log` is decadic, adjacent letters are factors, and words of four letters or more are text.
    case latex
    /// Plain text as programs write it: `-2*x*atan(x) + log(x**2 + 1) + C`. `log` is natural, words are text.
    case plain
    /// What SymPy's `str` writes: `Eq(a, b)`, `Integral(x, (x, 0, 1))`, `Interval.Ropen(a, b)`.
    case sympy
}
