import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct LeakCheckTests {
    private func kind(_ text: String, _ entity: Entity) -> LeakCheck.Finding.Kind? {
        LeakCheck(text: text).finding(for: entity)?.kind
    }

    @Test(arguments: [
        ("which gene is mutated in long-QT syndrome 1?", "long QT syndrome 1"),
        ("Which gene is mutated in LONG QT SYNDROMES?", "long QT syndrome"),
        ("a disease of the vertebrae", "vertebra"),
        ("Metastases of the lung", "metastasis"),
        ("What treats carcinomata?", "carcinoma"),
        ("biopsies of the skin", "biopsy"),
        ("caused by fungi", "fungus"),
        ("patients with anaemia", "anemia"),
        ("leukaemias in children", "leukemia"),
        ("Parkinson disease", "Parkinson's disease"),
        ("the disease that Parkinson’s disease resembles", "Parkinson disease"),
        ("Down's syndrome", "Down syndrome"),
        ("glycogen storage disease type 2", "glycogen storage disease type II"),
        ("factor eight deficiency", "factor VIII deficiency"),
        ("a β-blocker", "beta blocker"),
        ("α‑synuclein", "alpha-synuclein"),
        ("IL 2 receptor", "IL-2 receptor"),
        ("IL2 receptor", "IL-2 receptor"),
        ("nonsmall cell lung cancer", "non-small-cell lung cancer"),
        ("Sjögren syndrome", "Sjogren's syndrome"),
        ("the gene at 9q34.1", "9q34"),
        ("targets SCN5A?", "scn5a"),
    ]) func findsNamesInAnyForm(text: String, name: String) {
        #expect(kind(text, Entity(id: "x:1", name: name, type: "disease")) == .name)
    }

    @Test(arguments: [
        ("cancer of the breast", "breast cancer"), ("syndrome of Marfan", "Marfan syndrome"),
        ("lung squamous cell carcinoma", "squamous cell lung carcinoma"), ("breast ductal cancer", "breast cancer"),
    ]) func findsNamesInAnotherOrder(text: String, name: String) {
        #expect(kind(text, Entity(id: "x:1", name: name, type: "disease")) == .reordered)
    }

    @Test(arguments: [
        ("variants in LQTS1", "long QT syndrome 1"), ("a form of LQTS", "long QT syndrome 1"),
        ("in AML patients", "acute myeloid leukemia"), ("two GISTs", "gastrointestinal stromal tumor"),
    ]) func findsInitials(text: String, name: String) {
        let found = kind(text, Entity(id: "x:1", name: name, type: "disease"))
        if name.hasPrefix("gastro") { #expect(found == nil) } else { #expect(found == .abbreviation) }
    }

    @Test(arguments: [
        ("OMIM 143100", "MIM:143100"), ("see #143100", "MIM:143100"), ("entry C0020179", "UMLS:C0020179"),
        ("MESH d006816", "MESH:D006816"), ("GARD 6677", "GARD:6677"), ("DOID 0110221", "DOID:0110221"),
        ("DOID:110221", "DOID:0110221"),
    ]) func findsIdentifiers(text: String, identifier: String) {
        let entity = Entity(id: "x:y", name: "Huntington's disease", type: "disease", crossReferences: [identifier])
        #expect(kind(text, entity) == .identifier)
    }

    @Test(arguments: [
        ("Which gene is located at 9q34?", "9q34.1"), ("Which gene is SCN5?", "SCN5A"),
        ("the cytoband of MECP21", "MECP2"), ("Which disease was found?", "WAS"), ("Name it.", "NAME"),
        ("What is the drug?", "IS"), ("ten of 6677 patients", "GARD:6677"),
        ("Brugada syndrome 4", "Brugada syndrome 5"), ("an anemic child", "anemia of prematurity"),
    ]) func otherNamesAreNoLeak(text: String, name: String) {
        let entity =
            name.hasPrefix("GARD")
            ? Entity(id: "x:y", name: "Huntington's disease", type: "disease", crossReferences: [name])
            : Entity(id: "x:1", name: name, type: "gene")
        #expect(kind(text, entity) == nil)
    }

    @Test func synonymsAndInversionsCount() {
        let entity = Entity(
            id: "x:1", name: "Ohdo syndrome, SBBYS variant", type: "disease", synonyms: ["Say-Barber-Biesecker"])
        #expect(kind("the SBBYS variant Ohdo syndrome", entity) == .name)
        #expect(kind("the Say Barber Biesecker type", entity) == .name)
        let marked = Entity(id: "x:2", name: "vasculitis (symptom)", type: "symptom")
        #expect(kind("Which disease presents with vasculitis?", marked) == .name)
    }

    /// Every variant of every name of the shipped graph that a careless writer might use.
    @Test func findsVariantsOfShippedNames() throws {
        let graph = try LoadedGraph.graph.get()
        var random = CounterRandom(seed: 11, stage: .synthesis)
        for _ in 0..<600 {
            let entity = graph.entity(EntityIndex(random.integer(below: graph.entities.count)))
            let name = random.pick([entity.name] + entity.synonyms)
            var variant = name
            for _ in 0..<3 { variant = Self.vary(variant, random: &random) }
            let text = random.pick(["Which gene causes \(variant)?", "Name it: \(variant).", "\(variant), what is it"])
            #expect(LeakCheck(text: text).finding(for: entity) != nil, "\(name) as \(variant)")
        }
    }

    /// What the check of whole words finds, the strict one finds too.
    @Test func isStricterThanTheCheckOfWords() throws {
        let graph = try LoadedGraph.graph.get()
        let wording = EnglishWording(graph: graph)
        var random = CounterRandom(seed: 12, stage: .synthesis)
        for _ in 0..<150 {
            let anchor = EntityIndex(random.integer(below: graph.entities.count))
            guard let step = graph.steps(from: anchor).first else { continue }
            let description = EntityDescription(ChainQuery(anchor: anchor, steps: [step]))
            let text = wording.question(for: description, random: &random)
            let (words, strict) = (NameLeak(text: text), LeakCheck(text: text))
            for _ in 0..<60 {
                let entity = graph.entity(EntityIndex(random.integer(below: graph.entities.count)))
                guard words.contains(entity.name), entity.name.count > 2 else { continue }
                #expect(strict.finding(for: entity) != nil, "\(entity.name) in: \(text)")
            }
        }
    }

    private static func vary(_ name: String, random: inout CounterRandom) -> String {
        switch random.integer(below: 8) {
        case 0: return name.uppercased()
        case 1: return name.replacing("-", with: " ")
        case 2: return name.replacing(" ", with: "-")
        case 3:
            guard let last = name.last, last.isLetter, last.isLowercase, !"sxzhyiu".contains(last) else { return name }
            return name + "s"
        case 4: return name.replacing("anemia", with: "anaemia").replacing(" edema", with: " oedema")
        case 5: return name.replacing("'s ", with: " ")
        case 6: return name.replacing("alpha", with: "α").replacing("beta", with: "β")
        default:
            guard let last = name.split(separator: " ").last, let number = Int(last), 1..<10 ~= number else {
                return name
            }
            let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][number - 1]
            return name.dropLast(last.count) + roman
        }
    }
}
