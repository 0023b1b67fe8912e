/// Identifiers of the form `VOCABULARY:number`, with one spelling for each vocabulary.
enum CrossReference {
    private static let spellings: [String: String] = [
        "OMIM": "MIM", "OMIMPS": "MIM", "ORPHA": "ORDO", "ORPHANET": "ORDO", "UMLS_CUI": "UMLS", "MSH": "MESH",
        "NCIT": "NCI", "NCI_THESAURUS": "NCI", "ENTREZ": "NCBIGENE", "NCBI_GENE": "NCBIGENE", "GENEID": "NCBIGENE",
        "ICD-10": "ICD10", "ICD-11": "ICD11", "ICD-9": "ICD9", "DRUGBANK_ID": "DRUGBANK", "SWISSPROT": "UNIPROT",
        "UNIPROTKB": "UNIPROT", "ENSEMBL": "ENSEMBL", "NCBIGENE": "NCBIGENE", "DRUGBANK": "DRUGBANK",
    ]
    private static let display: [String: String] = ["NCBIGENE": "NCBIGene", "ENSEMBL": "Ensembl", "UNIPROT": "UniProt"]

    /// `UMLS_CUI:C1` as `UMLS:C1`, `SNOMEDCT_US_2025_09_01:2` as `SNOMEDCT_US:2`, `Orphanet:3` as `ORDO:3`.
    static func canonical(_ reference: String) -> String {
        guard let colon = reference.firstIndex(of: ":") else { return reference }
        let vocabulary = vocabulary(String(reference[..<colon]))
        return vocabulary + reference[colon...]
    }

    static func canonical(vocabulary: String, number: String) -> String {
        let name = self.vocabulary(vocabulary)
        // Some sources write the vocabulary into the number as well: HPO, "HP:0001250".
        return number.hasPrefix(name + ":") ? number : "\(name):\(number)"
    }

    /// The part before the colon; `nil` where there is none.
    static func vocabulary(of reference: String) -> String? {
        reference.firstIndex(of: ":").map { vocabulary(String(reference[..<$0])) }
    }

    private static func vocabulary(_ name: String) -> String {
        if name.hasPrefix("SNOMEDCT_US") { return "SNOMEDCT_US" }
        let spelling = spellings[name.uppercased()] ?? name
        return display[spelling] ?? spelling
    }
}
