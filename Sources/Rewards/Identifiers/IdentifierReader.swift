/// Reads identifiers, each under the grammar of its registry and its check digit. The canonical text is the scheme
/// and the registry's own spelling: `nct:NCT01234567`.
struct IdentifierReader: AnswerReader {
    let policy: IdentifierPolicy

    init(policy: IdentifierPolicy = IdentifierPolicy()) { self.policy = policy }

    private static let maximumLength = 512

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected an identifier, found an empty text") }
        guard text.bytes.count <= Self.maximumLength else {
            throw .malformed("expected an identifier, found \(text.bytes.count) bytes")
        }
        try work.spend(text.bytes.count)
        let text = text.withoutEmphasis(&work).withoutFullStop
        guard let scheme = policy.scheme ?? Self.infer(text) else {
            throw .malformed("expected an identifier whose registry can be told; name it in the policy's `scheme`")
        }
        var grammar = IdentifierGrammar(text.bytes, version: policy.version)
        guard grammar.read(scheme) else {
            throw .malformed(grammar.problem ?? "expected one \(scheme.rawValue) identifier", offset: 0)
        }
        if !grammar.body.elementsEqual(text.bytes) { work.apply("identifier spelling") }
        let prefix = scheme.rawValue.utf8
        var bytes: [UInt8] = []
        bytes.reserveCapacity(prefix.count + 1 + grammar.body.count)
        bytes.append(contentsOf: prefix)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: grammar.body)
        return CanonicalValue(.identifier, String(decoding: bytes, as: UTF8.self))
    }

    /// The registry that the text alone tells; `nil` for digits without a label and for anything else.
    static func infer(_ text: AnswerText) -> IdentifierScheme? {
        guard !text.isEmpty, text.bytes.count <= maximumLength else { return nil }
        let isNumber = text.bytes.allSatisfy { $0 &- 0x30 < 10 }
        if isNumber { return nil }
        for scheme in inferenceOrder {
            var grammar = IdentifierGrammar(text.bytes, version: .keep)
            grammar.isInferring = true
            if grammar.read(scheme) { return scheme }
        }
        return nil
    }

    /// From the most particular grammar to the least, so that `E11.9` is of ICD-10 and `E11.65` too, and only longer
    /// codes are of ICD-10-CM.
    private static let inferenceOrder: [IdentifierScheme] = [
        .nct, .pmcid, .isrctn, .doi, .hpo, .mondo, .doid, .orpha, .omim, .hgnc, .pmid, .rxnorm, .dbsnp, .chembl, .chebi,
        .ensembl, .refseq, .eudract, .euct, .orcid, .issn, .isbn, .inchikey, .drugbank, .cas, .loinc, .snomed, .umls,
        .mesh, .go, .efo, .uberon, .pubchem, .clinvar, .ncit, .unii, .atc, .uniprot, .icd10, .icd10cm, .icd11,
    ]
}
