/// How names of diseases are compared.
struct DiseasePolicy: Sendable, Hashable {
    /// `inversion`: `diabetes mellitus, type 2` and `diabetes mellitus type 2` are `type 2 diabetes mellitus`.
    var readsInversions = true
    /// `abbreviation_in_parentheses`: an abbreviation after the name that its initials make up is dropped.
    var readsAbbreviations = true
    /// `keep_accents`: whether `Sjögren` and `Sjogren` differ. No two diseases do by accents only.
    var keepsAccents = false

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        readsInversions = try fields.bool("inversion", default: true)
        readsAbbreviations = try fields.bool("abbreviation_in_parentheses", default: true)
        keepsAccents = try fields.bool("keep_accents", default: false)
    }
}
