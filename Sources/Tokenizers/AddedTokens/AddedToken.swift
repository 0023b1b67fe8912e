import Primitives

/// A token that is cut out of the text as a whole, before anything else happens to it.
struct AddedToken: Sendable, Hashable {
    var id: TokenID
    var content: String
    /// A control token: left out by `skipSpecialTokens` and never produced under `splitSpecialTokens`.
    var isSpecial: Bool
    /// Recognised only where no word character stands on either side.
    var isSingleWord = false
    /// Takes the white space before it.
    var stripsLeft = false
    /// Takes the white space after it.
    var stripsRight = false
    /// Looked for in normalised text, in its own normalised form.
    var isNormalized = false
}
