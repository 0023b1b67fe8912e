import Knowledge

/// How entities' names stand in running English: with the article, number and case that their type asks for.
enum EnglishNames {
    /// What an entity type is called in the singular; underscores become spaces where nothing better is known.
    static func noun(ofType type: String) -> String {
        nouns[type] ?? type.split(separator: "_").joined(separator: " ")
    }

    private static let nouns = [
        "anatomy": "body part", "cell_or_tissue": "cell or tissue", "gene_or_locus": "susceptibility locus",
        "inheritance": "mode of inheritance", "mechanism": "mechanism of action", "onset": "age of onset",
        "transmission": "vector or route of transmission", "drug_class": "drug class",
    ]

    /// The name as the object of a verb or preposition: `the heart`, `cytoband 10p12`, `smooth muscle cells`.
    static func object(_ entity: Entity) -> String {
        let name = bare(entity)
        switch entity.type {
        case "anatomy": return anatomy(name)
        case "cell_or_tissue": return counted(name)
        case "cytoband": return "cytoband \(name)"
        case "symptom": return symptom(name)
        case "phenotype", "onset": return relaxed(name)
        case "drug": return relaxed(name)
        case "mechanism", "drug_class": return relaxed(name)
        case "gene_or_locus": return "the locus “\(name)”"
        case "organism", "transmission", "agent", "allergen": return agent(name)
        default: return name
        }
    }

    /// The name of a class in the singular, with its indefinite article: `an opioid antagonist`.
    static func member(_ entity: Entity) -> String {
        let name = relaxed(bare(entity))
        return withArticle(entity.type == "mechanism" ? singular(name) : name)
    }

    /// Whether a mechanism is named by what the drugs are (`Opioid Antagonists`) and not by what they do.
    static func namesAgents(_ entity: Entity) -> Bool {
        ["ists", "tors", "ers", "ators"].contains { entity.name.hasSuffix($0) }
    }

    static func withArticle(_ phrase: String) -> String { (startsWithVowelSound(phrase) ? "an " : "a ") + phrase }

    /// The first letter in upper case, if the first word is written in lower case throughout.
    static func capitalized(_ text: String) -> String {
        guard let first = text.first, text.prefix(while: { $0 != " " && $0 != "-" }).allSatisfy({ !$0.isUppercase })
        else { return text }
        return first.uppercased() + text.dropFirst()
    }

    // MARK: Names

    /// Without the suffixes that tell namesakes apart in a graph: `vasculitis (symptom)`, `Aedes <genus>`.
    private static func bare(_ entity: Entity) -> String {
        var name = entity.name
        let suffix = " (\(entity.type))"
        if name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
        if name.hasSuffix(" <genus>") { name = "the genus " + name.dropLast(" <genus>".count) }
        if let open = name.firstRange(of: " <"), name.hasSuffix(">") { name = String(name[..<open.lowerBound]) }
        return name.filter { $0 != "[" && $0 != "]" || name.contains("benzo[") }
    }

    /// Words written like titles in lower case; symbols, numerals and proper names as they are.
    static func relaxed(_ name: String) -> String {
        var result = ""
        var word = ""
        func flush() {
            let isTitle =
                word.count > 1 && word.first?.isUppercase == true && word.dropFirst().allSatisfy(\.isLowercase)
            result += isTitle && !properWords.contains(word) ? word.lowercased() : word
            word = ""
        }
        for character in name {
            if character.isLetter || character.isNumber || character == "'" {
                word.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    private static let properWords: Set = [
        "Xa", "Va", "Parkinson", "Alzheimer", "Crohn", "Wilson", "Marfan", "Raynaud", "Babinski", "Hodgkin", "Purkinje",
        "Schwann", "Merkel", "Langerhans", "Sertoli", "Leydig", "Golgi", "Howell", "Lewy", "Fanconi", "Gowers",
        "Brushfield", "Lisch", "Madelung", "Tetralogy", "Fallot", "Ringer", "Romberg", "Hirschsprung", "Wormian",
    ]

    private static func anatomy(_ name: String) -> String {
        if let special = specialAnatomy[name] { return special }
        if name.hasSuffix(" skin") { return "the skin of the \(name.dropLast(" skin".count))" }
        if name.hasSuffix("cell") || name.hasSuffix("platelet") || name.hasSuffix("phil") { return plural(name) }
        if name.hasSuffix("tissue") && !name.contains(" of ") { return name }
        let inner = name.replacing(" of ", with: " of the ").replacing(
            " of the synovial tissue", with: " of synovial tissue")
        return "the " + inner
    }

    private static let specialAnatomy = [
        "artery": "the arteries", "bone element": "bone", "bronchiole": "the bronchioles", "bronchus": "the bronchi",
        "digit": "the digits", "limb": "the limbs", "lymph node": "the lymph nodes", "muscle of leg": "the leg muscles",
        "nerve": "the nerves", "cranial nerve II": "cranial nerve II", "phalanx": "the phalanges", "rib": "the ribs",
        "skeletal joint": "the joints", "skin of body": "the skin", "toe": "the toes", "vein": "the veins",
        "zone of skin": "an area of skin", "sensory nerve": "the sensory nerves", "meninx": "the meninges",
        "mammalian vulva": "the vulva", "bone marrow": "the bone marrow",
    ]

    private static func counted(_ name: String) -> String {
        if name == "mucosa" { return "the mucosa" }
        return name == "sperm" ? name : plural(name)
    }

    private static func symptom(_ name: String) -> String {
        guard let last = name.split(separator: " ").last.map(String.init) else { return name }
        if last == "symptom" || pluralSymptoms.contains(last) { return plural(name) }
        if singularSymptoms.contains(last) || (name.contains(" ") && modifiedSymptoms.contains(last)) {
            return withArticle(name)
        }
        return name
    }

    /// Head nouns of signs that come in numbers, that are one thing, and that are one thing if an adjective stands before.
    private static let pluralSymptoms: Set = [
        "lesion", "ulcer", "papule", "cramp", "eye", "contracture", "nodule", "blister", "vesicle", "spasm", "seizure",
        "tic",
    ]
    private static let singularSymptoms: Set = ["mass", "abscess", "rash", "accident", "murmur", "goiter"]
    private static let modifiedSymptoms: Set = ["cough", "headache", "fever", "appetite", "voice", "limp"]

    private static func agent(_ name: String) -> String {
        if ["Bacteria", "Viruses", "Fungi"].contains(name) { return name.lowercased() }
        if name.hasSuffix(" atom") { return String(name.dropLast(" atom".count)) }
        if name.hasSuffix(" driver") { return withArticle(name) }
        if name.hasSuffix(" food product") { return plural(name) }
        return name.replacing(" borne ", with: "-borne ")
    }

    // MARK: Number and article

    static func plural(_ noun: String) -> String {
        if noun.hasSuffix("s") || noun.hasSuffix("x") || noun.hasSuffix("ch") || noun.hasSuffix("sh") {
            return noun + "es"
        }
        if noun.hasSuffix("y"), let before = noun.dropLast().last, !"aeiou".contains(before) {
            return noun.dropLast() + "ies"
        }
        return noun + "s"
    }

    private static func singular(_ noun: String) -> String {
        noun.hasSuffix("s") && !noun.hasSuffix("ss") ? String(noun.dropLast()) : noun
    }

    private static func startsWithVowelSound(_ phrase: String) -> Bool {
        let word = String(phrase.prefix { $0.isLetter || $0.isNumber })
        guard let first = word.first else { return false }
        if first.isNumber { return word.hasPrefix("8") || word == "11" || word == "18" }
        let rest = word.dropFirst()
        let isSpelledOut =
            first.isUppercase && (rest.isEmpty || rest.first?.isUppercase == true || rest.first?.isNumber == true)
            || first.isLowercase && (rest.isEmpty || rest.first?.isUppercase == true)
        if isSpelledOut { return "AEFHILMNORSXaefhilmnorsx".contains(first) }
        let lower = word.lowercased()
        if ["uni", "use", "uro", "ure", "uri", "ute", "eu", "one", "ubi"].contains(where: lower.hasPrefix) {
            return lower.hasPrefix("unin") || lower.hasPrefix("unim")
        }
        if ["hour", "honest", "heir"].contains(where: lower.hasPrefix) { return true }
        return "aeiou".contains(lower[lower.startIndex])
    }
}
