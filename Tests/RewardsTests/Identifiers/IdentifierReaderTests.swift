import Testing

@testable import Rewards

@Suite struct IdentifierReaderTests {
    /// Spellings of one identifier each; the first is the registry's own.
    static let spellings: [(IdentifierScheme, [String])] = [
        (.nct, ["NCT00000102", "nct00000102", "NCT 00000102", "https://clinicaltrials.gov/study/NCT00000102"]),
        (
            .pmid,
            ["31452104", "PMID: 31452104", "PMID 31452104", "https://pubmed.ncbi.nlm.nih.gov/31452104/", "031452104"]
        ),
        (
            .pmcid,
            ["PMC6709567", "pmc6709567", "PMCID: PMC6709567", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6709567/"]
        ),
        (
            .doi,
            [
                "10.1093/nar/gkaa1106", "doi:10.1093/NAR/gkaa1106", "https://doi.org/10.1093%2Fnar/gkaa1106",
                "10.1093/nar/gkaa1106.",
            ]
        ),
        (.icd10, ["I21.4", "I214", "i21.4", "ICD-10: I21.4"]),
        (.icd10cm, ["S52.521A", "s52521a"]),
        (.icd11, ["BA41.0", "ba41.0", "ICD-11 BA41.0"]),
        (.hpo, ["HP:0001166", "HP_0001166", "hp:0001166", "http://purl.obolibrary.org/obo/HP_0001166"]),
        (.omim, ["134797", "OMIM:134797", "MIM 134797", "*134797", "https://omim.org/entry/134797"]),
        (.orpha, ["ORPHA:284963", "ORPHA284963", "Orphanet_284963"]),
        (.doid, ["DOID:0060859", "DOID_0060859"]),
        (.mondo, ["MONDO:0007947", "http://purl.obolibrary.org/obo/MONDO_0007947"]),
        (.hgnc, ["HGNC:3603", "https://identifiers.org/hgnc:3603"]),
        (.rxnorm, ["6809", "RxCUI 6809", "RXCUI:6809"]),
        (.atc, ["A10BA02", "a10ba02", "ATC: A10BA02", "A10B A02"]),
        (.loinc, ["4548-4", "LOINC 4548-4", "https://loinc.org/4548-4/"]),
        (.cas, ["657-24-9", "CAS 657-24-9", "CAS RN: 657-24-9"]),
        (.umls, ["C0024796", "UMLS:C0024796"]),
        (.mesh, ["D008382", "MeSH:D008382"]),
        (.snomed, ["19346006", "SNOMED CT: 19346006", "SCTID 19346006"]),
        (.chembl, ["CHEMBL1431", "chembl1431"]),
        (.drugbank, ["DB00331", "https://go.drugbank.com/drugs/DB00331"]),
        (.chebi, ["CHEBI:6801", "CHEBI_6801"]),
        (.uniprot, ["P35555", "p35555", "UniProtKB:P35555"]),
        (.ensembl, ["ENSG00000166147.17", "ensg00000166147.17"]),
        (.refseq, ["NM_000138.5", "nm_000138.5"]),
        (.dbsnp, ["rs137854466", "RS137854466", "dbSNP:rs137854466"]),
        (.orcid, ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"]),
        (.isbn, ["9780306406157", "978-0-306-40615-7", "0-306-40615-2", "ISBN 0306406152"]),
        (.issn, ["0317-8471", "ISSN 03178471"]),
        (.eudract, ["2004-000446-20", "EudraCT: 2004-000446-20"]),
        (.isrctn, ["ISRCTN43215129", "isrctn 43215129"]),
        (.unii, ["9100L32L2N", "UNII: 9100l32l2n"]),
        (.go, ["GO:0005201", "GO_0005201"]),
        (.inchikey, ["XZWYZXLIPXDOLR-UHFFFAOYSA-N", "xzwyzxlipxdolr-uhfffaoysa-n"]),
    ]

    @Test(arguments: spellings)
    func `gives every spelling one canonical text`(scheme: IdentifierScheme, spellings: [String]) {
        let reader = IdentifierReader(policy: IdentifierPolicy(scheme: scheme))
        let canonical = reader.canonical(spellings[0])
        #expect(canonical?.hasPrefix(scheme.rawValue + ":") == true)
        for spelling in spellings { #expect(reader.canonical(spelling) == canonical, "\(spelling)") }
        #expect(
            canonical.flatMap { reader.canonical($0) } == nil || canonical.flatMap { reader.canonical($0) } == canonical
        )
    }

    @Test(arguments: spellings)
    func `another digit is another identifier or none`(scheme: IdentifierScheme, spellings: [String]) {
        let reader = IdentifierReader(policy: IdentifierPolicy(scheme: scheme))
        var bytes = Array(spellings[0].utf8)
        for index in bytes.indices where (0x30...0x39).contains(bytes[index]) {
            let digit = bytes[index]
            bytes[index] = digit == 0x39 ? 0x30 : digit + 1
            #expect(!reader.isRight(gold: spellings[0], prediction: String(decoding: bytes, as: UTF8.self)))
            bytes[index] = digit
        }
    }

    @Test(arguments: spellings)
    func `nothing may stand beside an identifier`(scheme: IdentifierScheme, spellings: [String]) {
        let reader = IdentifierReader(policy: IdentifierPolicy(scheme: scheme))
        for extra in [" or ", ", ", " and ", "; ", " "] {
            #expect(reader.canonical(spellings[0] + extra + spellings[0]) == nil)
        }
        #expect(reader.canonical("") == nil)
        #expect(reader.canonical(spellings[0] + " (probably)") == nil)
    }

    @Test(arguments: [
        ("NCT00000102", IdentifierScheme.nct), ("PMID: 31452104", .pmid), ("PMC6709567", .pmcid),
        ("10.1093/nar/gkaa1106", .doi), ("I21.4", .icd10), ("S52.521A", .icd10cm), ("HP:0001166", .hpo),
        ("OMIM:134797", .omim), ("#154700", .omim), ("ORPHA:284963", .orpha), ("MONDO:0007947", .mondo),
        ("A10BA02", .atc), ("4548-4", .loinc), ("657-24-9", .cas), ("rs137854466", .dbsnp), ("P35555", .uniprot),
        ("C0024796", .umls), ("D008382", .mesh), ("SNOMED CT 19346006", .snomed), ("NM_000138.5", .refseq),
        ("VCV000012345", .clinvar),
    ])
    func `tells the registry from the text`(text: String, scheme: IdentifierScheme) {
        #expect(IdentifierReader.infer(AnswerText(text)) == scheme)
    }

    @Test(arguments: [
        "", "12345", "134797", "154700.0001", "+154700", "1-8", "10-18", "BRCA1", "B12", "metformin", "2021-03-04",
        "T4",
        "Q123456", "N02", "1.5", "type 2", "https://example.org/NCT00000102",
    ])
    func `does not guess a registry`(text: String) {
        #expect(IdentifierReader.infer(AnswerText(text)) == nil)
    }

    @Test func `a gold's registry lets a prediction leave out the label`() {
        let policy = IdentifierPolicy().resolved(gold: AnswerText("PMID: 31452104"))
        #expect(IdentifierReader(policy: policy).isRight(gold: "PMID: 31452104", prediction: "31452104"))
        #expect(!IdentifierReader().isRight(gold: "PMID: 31452104", prediction: "31452104"))
    }

    @Test func `registries with the same digits differ`() {
        #expect(!IdentifierReader().isRight(gold: "ORPHA:3603", prediction: "HGNC:3603"))
    }

    @Test(arguments: [
        (IdentifierScheme.loinc, "4548-5"), (.cas, "657-24-8"), (.snomed, "19346007"), (.orcid, "0000-0002-1825-0098"),
        (.isbn, "9780306406158"), (.issn, "0317-8472"), (.unii, "9100L32L2M"), (.omim, "734797"), (.pmid, "0"),
        (.hpo, "HP:001166"), (.hpo, "0001166"), (.nct, "00000102"), (.rxnorm, "06809"), (.icd10, "I10-I15"),
        (.doi, "10.1093"), (.atc, "A10BA2"), (.ensembl, "ENSG0000016614"),
    ])
    func `refuses what the registry cannot have given`(scheme: IdentifierScheme, text: String) {
        #expect(IdentifierReader(policy: IdentifierPolicy(scheme: scheme)).canonical(text) == nil)
    }

    @Test func `versions count unless the policy leaves them out`() throws {
        #expect(try !IdentifierReader(["scheme": "refseq"]).isRight(gold: "NM_000138.5", prediction: "NM_000138"))
        let reader = try IdentifierReader(["scheme": "refseq", "identifier_version": "ignore"])
        #expect(reader.isRight(gold: "NM_000138.5", prediction: "NM_000138"))
    }

    @Test func `an unknown scheme is an error of the policy`() {
        #expect(throws: RewardError.self) { try IdentifierReader(["scheme": "isni"]) }
    }

    @Test func `any text ends in a value or a problem`() {
        var random = ClinicalRandom(state: 4)
        let pieces = [
            "NCT", "0", "12345678", "10.", "1000/", "https://", "doi.org/", "HP", ":", "_", "-", ".", "C", "D", "rs",
            "ENS",
            "G", "X", "PMC", "MIM", "#", "97", "8", " ", "/", "%2F", "%",
        ]
        for _ in 0..<5000 {
            let text = random.text(of: pieces)
            _ = IdentifierReader.infer(text)
            for scheme in IdentifierScheme.allCases {
                let reader = IdentifierReader(policy: IdentifierPolicy(scheme: scheme))
                guard let canonical = reader.canonical(text.string) else { continue }
                let body = String(canonical.dropFirst(scheme.rawValue.utf8.count + 1))
                let label = [.orpha, .hgnc, .chebi, .doid].contains(scheme) ? scheme.rawValue + ":" : ""
                #expect(reader.canonical(label + body) == canonical)
            }
        }
    }
}
