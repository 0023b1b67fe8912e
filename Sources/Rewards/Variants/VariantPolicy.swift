import Primitives

/// What must agree between two variant descriptions.
public struct VariantPolicy: Sendable, Hashable {
    enum Treatment: String, Sendable, CaseIterable {
        case keep, ignore
    }

    enum Need: String, Sendable, CaseIterable {
        case required, optional
    }

    enum Extra: String, Sendable, CaseIterable {
        case refuse, ignore
    }

    /// Parentheses of a predicted consequence: whether `p.(Arg97Pro)` differs from `p.Arg97Pro`.
    var predicted: Treatment
    /// Whether `NM_004006.2` differs from `NM_004006.3`.
    var accessionVersion: Treatment
    /// Whether a prediction must name the reference sequence that the gold names.
    var accession: Need
    /// A gene symbol behind the accession, as in `NM_004006.2(DMD)`.
    var gene: Treatment
    /// The sequence or its length after `del`, `dup` and `inv`, which the positions already say.
    var deletedSequence: Treatment
    /// Whether a protein change may be written without `p.`: `V600E`.
    var prefix: Need
    /// A protein consequence after a description of DNA: `c.5946del (p.Ser1982fs)`.
    var consequence: Extra

    public init(_ fields: inout PolicyFields) throws(RewardError) {
        predicted = try fields.choice("predicted", default: .keep)
        accessionVersion = try fields.choice("accession_version", default: .keep)
        accession = try fields.choice("accession", default: .required)
        gene = try fields.choice("gene_symbol", default: .ignore)
        deletedSequence = try fields.choice("deleted_sequence", default: .ignore)
        prefix = try fields.choice("protein_prefix", default: .required)
        consequence = try fields.choice("consequence", default: .refuse)
    }

    init() {
        predicted = .keep
        accessionVersion = .keep
        accession = .required
        gene = .ignore
        deletedSequence = .ignore
        prefix = .required
        consequence = .refuse
    }
}
