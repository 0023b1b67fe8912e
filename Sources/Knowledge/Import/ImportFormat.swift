/// A format of knowledge that can be imported.
public enum ImportFormat: String, Sendable, CaseIterable {
    case triples
    case obo
    case diseaseOntology = "disease-ontology"
    case drugCentral = "drugcentral"
    case orphadata
    case hetionet
    case primeKG = "primekg"
    case ncbiGene = "ncbi-gene"

    /// What its files are.
    public var summary: String {
        switch self {
        case .triples: "tables of head, head_type, relation, tail, tail_type, source, …"
        case .obo: "ontologies in the OBO format"
        case .diseaseOntology: "HumanDO.tsv, allXREFinDO.tsv, DO-subClassOf-anonymous.tsv"
        case .drugCentral: "targets.tsv, indications.tsv, drug-to-class.tsv, classes.tsv"
        case .orphadata: "Orphadata's XML products 1, 4 and 6"
        case .hetionet: "hetionet-v1.0.json"
        case .primeKG: "PrimeKG's kg.csv"
        case .ncbiGene: "NCBI Gene's gene_info, human genes"
        }
    }

    /// Adds what the files hold to a draft. Files may be compressed (`.zst`, `.gz`).
    /// - Parameters:
    ///   - source: what facts are attributed to where the files do not say it.
    ///   - licence: the terms of facts where neither the files nor this program know them.
    /// - Throws: the first place in a file that is not what the format asks for. What is well-formed but cannot be used is
    ///   left out and counted in the draft's report.
    public func read(
        _ files: [String], into draft: inout GraphDraft, source: String? = nil, licence: String? = nil
    ) throws(KnowledgeError) {
        switch self {
        case .diseaseOntology: return try DiseaseOntologyImporter().read(files, into: &draft)
        case .drugCentral: return try DrugCentralImporter().read(files, into: &draft)
        default: break
        }
        for file in files {
            switch self {
            case .triples: try TripleTableImporter(source: source, licence: licence).read(file, into: &draft)
            case .obo: try OBOImporter(source: source, licence: licence).read(file, into: &draft)
            case .orphadata: try OrphadataImporter().read(file, into: &draft)
            case .hetionet: try HetionetImporter().read(file, into: &draft)
            case .primeKG: try PrimeKGImporter().read(file, into: &draft)
            case .ncbiGene: try NCBIGeneImporter().read(file, into: &draft)
            case .diseaseOntology, .drugCentral: break
            }
        }
    }
}
