/// How numbers are written: the part of a ``NumberPolicy`` that the scanner needs.
struct NumberStyle: Sendable, Hashable {
    /// Which characters group digits and which one separates decimals.
    enum Separators: String, Sendable, Hashable, CaseIterable {
        /// `1,234.5`: groups by comma, apostrophe or a no-break or thin space.
        case english
        /// `1.234,5`: groups by full stop, apostrophe or a no-break or thin space.
        case european
        /// Both; a text that means two numbers, such as `1,234`, is refused.
        case either
        /// As shops write prices: the last separator is decimal unless exactly three digits follow it.
        case guess
    }

    var separators = Separators.english
    /// Ordinary spaces group digits too: `12 345`. Else such a text is two numbers.
    var spaceGroups = false
    /// `3/4`, `1 1/2`, `½` are read; a blood pressure is not a fraction.
    var fractions = true
    /// `0x1F`, `0b101` and `0o17` are read.
    var literals = false
    /// `(5)` is minus five, as accountants write it.
    var parentheses = false

    init(separators: Separators = .english) { self.separators = separators }
}
