/// A registry or code system whose identifiers have a grammar of their own.
public enum IdentifierScheme: String, Sendable, Hashable, CaseIterable {
    /// ClinicalTrials.gov.
    case nct
    case pmid, pmcid, doi
    /// ICD-10 of the WHO.
    case icd10
    /// ICD-10-CM of the United States.
    case icd10cm
    case icd11
    /// Human Phenotype Ontology.
    case hpo
    case omim, orpha, doid, mondo
    /// The number of the HUGO Gene Nomenclature Committee, not the symbol.
    case hgnc
    /// RxCUI of RxNorm.
    case rxnorm
    case atc, loinc, cas
    /// Concept of the UMLS Metathesaurus.
    case umls
    case mesh, snomed
    case chembl, drugbank, chebi, uniprot, ensembl, refseq, dbsnp
    case orcid, isbn, issn
    case eudract
    /// EU trial number of the Clinical Trials Information System.
    case euct
    case isrctn, unii
    /// Concept of the NCI Thesaurus.
    case ncit
    case go, efo, uberon
    /// Compound of PubChem.
    case pubchem
    case inchikey, clinvar

    /// What may stand before the identifier, in small letters: words with `:`, `_`, `#` or spaces after them.
    var labels: [String] { Self.tables[self]?.labels ?? [] }

    /// Hosts whose pages end with the identifier.
    var hosts: [String] { Self.tables[self]?.hosts ?? [] }

    /// Whether digits alone are an identifier of the scheme, so that nothing in the text tells the scheme.
    var isBareNumber: Bool {
        switch self {
        case .pmid, .omim, .rxnorm, .snomed, .orpha, .hgnc, .pubchem, .clinvar, .chebi, .doid: true
        default: false
        }
    }

    private static let tables: [IdentifierScheme: (labels: [String], hosts: [String])] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0, table($0)) })

    private static func table(_ scheme: IdentifierScheme) -> (labels: [String], hosts: [String]) {
        switch scheme {
        case .nct:
            (
                ["clinicaltrials.gov identifier", "clinicaltrials.gov", "nct id", "nct number", "nctid"],
                ["clinicaltrials.gov"]
            )
        case .pmid:
            (["pmid", "pubmed id", "pubmed"], ["pubmed.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov", "europepmc.org"])
        case .pmcid: (["pmcid", "pmc id"], ["pmc.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov", "europepmc.org"])
        case .doi: (["doi"], ["doi.org", "dx.doi.org"])
        case .icd10: (["icd-10 code", "icd-10", "icd10"], [])
        case .icd10cm: (["icd-10-cm code", "icd-10-cm", "icd10cm", "icd-10 code", "icd-10", "icd10"], [])
        case .icd11: (["icd-11 code", "icd-11", "icd11"], [])
        case .hpo: (["hp", "hpo"], ["hpo.jax.org"])
        case .omim: (["omim", "mim", "mim number"], ["omim.org", "omim.ps"])
        case .orpha: (["orpha", "orphanet", "ordo", "orphacode", "orpha code"], ["orpha.net", "orphadata.com"])
        case .doid: (["doid"], ["disease-ontology.org"])
        case .mondo: (["mondo"], ["monarchinitiative.org"])
        case .hgnc: (["hgnc", "hgnc id"], ["genenames.org"])
        case .rxnorm: (["rxcui", "rxnorm", "rxnorm cui"], ["mor.nlm.nih.gov"])
        case .atc: (["atc code", "atc"], ["whocc.no", "atcddd.fhi.no"])
        case .loinc: (["loinc code", "loinc", "ln"], ["loinc.org"])
        case .cas: (["cas registry number", "cas number", "cas no.", "cas no", "cas rn", "casrn", "cas"], [])
        case .umls: (["umls cui", "umls", "cui"], ["uts.nlm.nih.gov"])
        case .mesh: (["mesh id", "mesh", "msh"], ["meshb.nlm.nih.gov", "id.nlm.nih.gov", "ncbi.nlm.nih.gov"])
        case .snomed: (["snomed ct", "snomedct", "snomed-ct", "snomed", "sctid", "sct"], ["snomed.info"])
        case .chembl: (["chembl id", "chembl"], ["ebi.ac.uk"])
        case .drugbank: (["drugbank id", "drugbank"], ["go.drugbank.com", "drugbank.ca", "drugbank.com"])
        case .chebi: (["chebi"], ["ebi.ac.uk"])
        case .uniprot: (["uniprotkb", "uniprot"], ["uniprot.org"])
        case .ensembl: (["ensembl", "ensembl id"], ["ensembl.org"])
        case .refseq: (["refseq"], ["ncbi.nlm.nih.gov"])
        case .dbsnp: (["dbsnp"], ["ncbi.nlm.nih.gov"])
        case .orcid: (["orcid id", "orcid"], ["orcid.org"])
        case .isbn: (["isbn-13", "isbn-10", "isbn"], [])
        case .issn: (["issn", "eissn", "e-issn"], ["portal.issn.org"])
        case .eudract: (["eudract number", "eudract no.", "eudract"], ["clinicaltrialsregister.eu"])
        case .euct: (["eu ct number", "eu ct", "euct", "ctis"], ["euclinicaltrials.eu"])
        case .isrctn: (["isrctn registry"], ["isrctn.com", "doi.org"])
        case .unii: (["unii", "unii code"], [])
        case .ncit: (["ncit", "nci thesaurus"], ["ncit.nci.nih.gov", "evsexplore.semantics.cancer.gov"])
        case .go: (["go"], ["amigo.geneontology.org"])
        case .efo: (["efo"], ["ebi.ac.uk"])
        case .uberon: (["uberon"], [])
        case .pubchem: (["pubchem cid", "pubchem", "cid"], ["pubchem.ncbi.nlm.nih.gov"])
        case .inchikey: (["inchikey"], [])
        case .clinvar: (["clinvar", "clinvar variation id"], ["ncbi.nlm.nih.gov"])
        }
    }
}
