import Primitives

/// Invents entity names in the shapes of medical names: diseases of one to five words, gene symbols, cytobands, drugs,
/// two-word organisms and so on.
///
/// A name is never given twice, and never equals (case-insensitively) a forbidden name.
public struct NameForge: Sendable {
    private typealias Lexicon = InventedLexicon

    private var random: CounterRandom
    private let forbidden: Set<String>
    private var taken: Set<String> = []
    private var recentDiseases: [String] = []

    /// - Parameter forbidden: lower-cased names and synonyms that may not be invented.
    public init(random: CounterRandom, forbidden: Set<String> = []) {
        self.random = random
        self.forbidden = forbidden
    }

    /// A new name in the shape usual for entities of this type; an unknown type gets one to three lower-case words.
    public mutating func name(ofType type: String) -> String {
        while true {
            let name = proposal(ofType: type)
            let key = name.lowercased()
            if !forbidden.contains(key), taken.insert(key).inserted { return name }
        }
    }

    private mutating func proposal(ofType type: String) -> String {
        switch type {
        case "disease": diseaseName()
        case "gene": geneSymbol()
        case "cytoband": cytoband()
        case "drug": drugName()
        case "organism": organismName()
        case "anatomy", "cell_or_tissue": anatomyName(isCell: type != "anatomy")
        case "drug_class", "mechanism": className()
        case "phenotype": capitalized(findingName())
        case "transmission":
            random.uniform() < 0.5 ? organismName() : word() + " " + random.pick(Lexicon.routes) + " transmission"
        case "inheritance": word() + " inheritance"
        case "onset": capitalized(word()) + " onset"
        default: findingName()
        }
    }

    // MARK: Words

    private mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

    /// An invented lower-case word: syllables, or letter clusters that follow no language.
    private mutating func word(_ syllables: ClosedRange<Int> = 2...4) -> String {
        let count = syllables.lowerBound + random.integer(below: syllables.count)
        if chance(0.7) { return (0..<count).map { _ in random.pick(Lexicon.syllables) }.joined() }
        var text = ""
        for _ in 0..<max(1, count - 1) { text += random.pick(Lexicon.onsets) + random.pick(Lexicon.vowels) }
        if chance(0.7) { text += random.pick(Lexicon.codas) }
        return text
    }

    private func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private mutating func uppercaseLetters(_ count: Int) -> String {
        String((0..<count).map { _ in random.pick(Self.letters) })
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    // MARK: Diseases

    private mutating func diseaseName() -> String {
        if let family = recentDiseases.last, chance(0.15) {
            return random.pick(recentDiseases.count > 1 ? recentDiseases : [family]) + " " + number()
        }
        let stem = diseaseStem()
        recentDiseases.append(stem)
        if recentDiseases.count > 6 { recentDiseases.removeFirst() }
        if chance(0.2) { return stem + " " + number() }
        if chance(0.12) { return stem + " type " + (chance(0.5) ? number() : random.pick(Lexicon.romanNumerals)) }
        if chance(0.08) { return stem + random.pick([" with ", " of ", " and "]) + diseaseNoun() }
        return stem
    }

    private mutating func diseaseStem() -> String {
        let adjective = chance(0.25) ? random.pick(Lexicon.adjectives) + " " : ""
        switch random.integer(below: 12) {
        case 0, 1: return diseaseNoun()
        case 2, 3: return capitalized(word(2...3)) + " " + random.pick(Lexicon.diseaseHeads)
        case 4:
            return capitalized(word(2...3)) + "-" + capitalized(word(2...3)) + " " + random.pick(Lexicon.diseaseHeads)
        case 5:
            return capitalized(word(2...3)) + "'s " + (chance(0.5) ? random.pick(Lexicon.diseaseHeads) : diseaseNoun())
        case 6: return word() + " " + diseaseNoun() + " " + random.pick(Lexicon.diseaseHeads)
        case 7: return adjective + word() + " " + random.pick(Lexicon.diseaseHeads)
        case 8: return uppercaseLetters(2 + random.integer(below: 5)) + " " + random.pick(Lexicon.diseaseHeads)
        case 9: return word() + "-" + diseaseNoun() + " " + random.pick(Lexicon.diseaseHeads)
        default: return adjective + word() + " " + diseaseNoun()
        }
    }

    private mutating func diseaseNoun() -> String {
        word(2...3) + (chance(0.6) ? random.pick(Lexicon.diseaseEndings) : "")
    }

    private mutating func number() -> String {
        let number = String(1 + random.integer(below: chance(0.7) ? 6 : 40))
        return chance(0.2) ? number + uppercaseLetters(1) : number
    }

    // MARK: Genes and places on chromosomes

    private mutating func geneSymbol() -> String {
        var symbol = uppercaseLetters(chance(0.05) ? 1 : 2 + random.integer(below: 3))
        if symbol.count == 1 || chance(0.72) { symbol += digits(upTo: chance(0.8) ? 9 : 40) }
        if chance(0.25) { symbol += uppercaseLetters(1 + random.integer(below: 2)) }
        if symbol.last?.isLetter == true, chance(0.3) { symbol += digits(upTo: 12) }
        return chance(0.03) ? uppercaseLetters(3) + "-" + symbol : symbol
    }

    private mutating func digits(upTo limit: Int) -> String { String(1 + random.integer(below: limit)) }

    private mutating func cytoband() -> String {
        let chromosome = random.integer(below: 23)
        let arm = random.pick(["p", "q"])
        let start = (chromosome == 22 ? "X" : String(chromosome + 1)) + arm + band()
        return chance(0.07) ? start + "-" + arm + band() : start
    }

    private mutating func band() -> String {
        var text = String(11 + random.integer(below: 26))
        if chance(0.62) {
            text += "." + digits(upTo: 4)
            if chance(0.4) { text += digits(upTo: 3) }
        }
        return text
    }

    // MARK: Other types

    private mutating func drugName() -> String {
        var name =
            capitalized(word(chance(0.85) ? 2...4 : 1...2)) + (chance(0.6) ? random.pick(Lexicon.drugEndings) : "")
        if chance(0.1) { name += " " + random.pick(Lexicon.salts) }
        return name
    }

    private mutating func organismName() -> String {
        let genus = capitalized(word(2...3)) + (chance(0.7) ? random.pick(Lexicon.genusEndings) : "")
        if chance(0.15) { return chance(0.4) ? genus + " <genus>" : genus }
        var species = word(2...3) + (chance(0.7) ? random.pick(Lexicon.speciesEndings) : "")
        if chance(0.08) { species += digits(upTo: 8) }
        if chance(0.04) { species += " subsp. " + word(2...3) }
        return genus + " " + species
    }

    private mutating func findingName() -> String {
        switch random.integer(below: 8) {
        case 0, 1: word() + (chance(0.5) ? random.pick(Lexicon.diseaseEndings) : "")
        case 2: random.pick(Lexicon.findingAdjectives) + " " + word()
        case 3: random.pick(Lexicon.findingAdjectives) + " " + word() + " " + random.pick(Lexicon.findingHeads)
        case 4: word() + " " + word(2...3)
        case 5: random.pick(Lexicon.findingHeads) + " of " + word()
        default: word() + " " + random.pick(Lexicon.findingHeads)
        }
    }

    private mutating func anatomyName(isCell: Bool) -> String {
        if isCell { return (chance(0.2) ? capitalized(word()) : word()) + random.pick([" cell", " cell", " tissue"]) }
        switch random.integer(below: 4) {
        case 0, 1: return word()
        case 2: return word() + " " + random.pick(Lexicon.anatomyHeads)
        default: return random.pick(Lexicon.anatomyHeads) + " of " + word()
        }
    }

    private mutating func className() -> String {
        switch random.integer(below: 4) {
        case 0: capitalized(word())
        case 1: word(1...2) + "-" + capitalized(word()) + " " + random.pick(Lexicon.classHeads)
        default: capitalized(word()) + " " + random.pick(Lexicon.classHeads)
        }
    }
}
