import Primitives

/// How lists, multisets and sets are written and compared.
struct CollectionPolicy: Sendable, Hashable {
    enum Brackets: String, Sendable, Hashable, CaseIterable {
        case optional, required
        /// Brackets belong to the elements.
        case none
    }

    enum Conjunction: String, Sendable, Hashable, CaseIterable {
        /// ` and ` and ` & ` separate the last elements.
        case last
        /// They belong to the elements, as in `head and neck`.
        case none
    }

    enum Duplicates: String, Sendable, Hashable, CaseIterable {
        case merge, refuse
    }

    /// `separator`: see ``CollectionSeparator``.
    var separator = CollectionSeparator.automatic
    /// `brackets`: whether one pair of brackets stands around the elements.
    var brackets = Brackets.optional
    /// `conjunction`: what ` and ` means in a list with commas.
    var conjunction = Conjunction.last
    /// `duplicates`: what a repeated element of a set is.
    var duplicates = Duplicates.merge
    /// `empty`: whether `{}`, `none` and their like are the empty collection; refused otherwise.
    var allowsEmpty = false

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        if let text = try fields.string("separator") { separator = try CollectionSeparator(text) }
        brackets = try fields.choice("brackets", default: .optional)
        conjunction = try fields.choice("conjunction", default: .last)
        duplicates = try fields.choice("duplicates", default: .merge)
        allowsEmpty = try fields.bool("empty")
    }
}
