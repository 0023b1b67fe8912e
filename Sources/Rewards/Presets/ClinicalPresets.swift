extension GradingPreset {
    /// Dates, durations, identifiers and variants.
    static let clinicalPresets: [GradingPreset] = datePresets + variantPresets + identifierPresets

    private static let datePresets: [GradingPreset] = [
        GradingPreset(
            "dateutil_date", .date, ["day_month": "month_first", "two_digit_years": "sliding"],
            "a date as dateutil reads it: month first, two-digit years within 50 years"),
        GradingPreset(
            "dateutil_datetime", .datetime,
            ["day_month": "month_first", "two_digit_years": "sliding", "fraction_digits": 6],
            "a date and time as dateutil reads it: month first, microseconds"),
        GradingPreset(
            "date_iso8601", .date, ["date_formats": "iso8601", "first_instant": true],
            "a date in ISO 8601; a month, week, year or century stands for its first day"),
        GradingPreset(
            "rg_time_intervals", .duration, ["colons": "hours_minutes"],
            "a time span of Reasoning Gym: `11:47`, `00:22:12.123`, `5 days, 02:57`"),
    ]

    private static let variantPresets: [GradingPreset] = [
        GradingPreset("hgvs_equiv", .variant, [:], "a sequence variant in HGVS nomenclature"),
        GradingPreset("hgvs_grammar", "whether a text parses under a rule of the grammar of biocommons hgvs") {
            (subject) throws(AnswerProblem) in
            guard let rule = subject.gold.stringValue, let text = subject.prediction.stringValue else {
                throw .malformed("expected the name of a grammar rule and a text")
            }
            guard let parses = VariantGrammar.parses(Array(text.utf8), under: rule) else {
                throw .malformed("`\(rule)` is not a rule of the grammar of biocommons hgvs")
            }
            return parses ? 1 : 0
        },
    ]

    private static let identifierPresets: [GradingPreset] = IdentifierScheme.allCases.map { scheme in
        GradingPreset(
            scheme.rawValue, .identifier, ["scheme": .string(scheme.rawValue)], "an identifier of \(scheme.title)")
    }
}

extension IdentifierScheme {
    /// The registry's name.
    var title: String {
        switch self {
        case .nct: "ClinicalTrials.gov"
        case .pmid: "PubMed"
        case .pmcid: "PubMed Central"
        case .doi: "the DOI system"
        case .icd10: "ICD-10"
        case .icd10cm: "ICD-10-CM"
        case .icd11: "ICD-11"
        case .hpo: "the Human Phenotype Ontology"
        case .omim: "OMIM"
        case .orpha: "Orphanet"
        case .doid: "the Disease Ontology"
        case .mondo: "the Mondo Disease Ontology"
        case .hgnc: "the HGNC"
        case .rxnorm: "RxNorm"
        case .atc: "the ATC classification"
        case .loinc: "LOINC"
        case .cas: "the CAS Registry"
        case .umls: "the UMLS"
        case .mesh: "MeSH"
        case .snomed: "SNOMED CT"
        case .chembl: "ChEMBL"
        case .drugbank: "DrugBank"
        case .chebi: "ChEBI"
        case .uniprot: "UniProtKB"
        case .ensembl: "Ensembl"
        case .refseq: "RefSeq"
        case .dbsnp: "dbSNP"
        case .orcid: "ORCID"
        case .isbn: "the ISBN system"
        case .issn: "the ISSN register"
        case .eudract: "EudraCT"
        case .euct: "the EU Clinical Trials Information System"
        case .isrctn: "the ISRCTN registry"
        case .unii: "the FDA's substance register"
        case .ncit: "the NCI Thesaurus"
        case .go: "the Gene Ontology"
        case .efo: "the Experimental Factor Ontology"
        case .uberon: "Uberon"
        case .pubchem: "PubChem"
        case .inchikey: "InChI"
        case .clinvar: "ClinVar"
        }
    }
}
