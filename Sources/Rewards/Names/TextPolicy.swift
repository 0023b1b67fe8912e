/// How texts and names are compared.
struct TextPolicy: Sendable, Hashable {
    enum Punctuation: String, Sendable, CaseIterable {
        /// Punctuation around the name is dropped.
        case outer
        /// Punctuation and articles inside are dropped too, as question-answering benchmarks do, but never so that digits
        /// are joined, a sign is lost or nothing is left.
        case ignore
        /// Nothing is dropped.
        case keep
    }

    /// `case_sensitive`
    var isCaseSensitive = false
    /// `keep_articles`
    var keepsArticles = false
    /// `keep_accents`: whether `é` and `e` differ.
    var keepsAccents = true
    /// `punctuation`
    var punctuation = Punctuation.outer

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        isCaseSensitive = try fields.bool("case_sensitive")
        keepsArticles = try fields.bool("keep_articles")
        keepsAccents = try fields.bool("keep_accents", default: true)
        punctuation = try fields.choice("punctuation", default: .outer)
    }
}
