import Foundation
import Primitives

/// Looks for benchmark questions in training questions: the same text, a long run of the same words, or the same chain of
/// entities.
public struct ContaminationAudit: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// A run of so many words is an overlap (GPT-3: 13).
        public var runLength = 13
        /// A text shorter than `runLength` overlaps as a whole, if it has so many words.
        public var minimumWords = 6
        /// With the item's answer among them, so many entities of a chain in one item are an overlap.
        public var minimumEntities = 2
        /// Without it, so many.
        public var minimumEntitiesWithoutAnswer = 3

        public init() {}
    }

    /// What is audited of a training question.
    public struct Question: Sendable, Hashable {
        public var id: String
        public var text: String
        /// The right answer and its aliases.
        public var answers: [String]
        /// The names on the way to the answer, the answer included.
        public var chain: [String]

        public init(id: String, text: String, answers: [String], chain: [String]) {
            self.id = id
            self.text = text
            self.answers = answers
            self.chain = chain
        }
    }

    public struct Overlap: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case exact
            case run
            case chain
        }

        public var question: String
        public var kind: Kind
        public var benchmark: String
        public var line: Int
        /// The shared words or entities.
        public var detail: String
    }

    public var configuration: Configuration
    private let items: [BenchmarkItem]
    private let words: [[String]]
    private let exact: [[String]: Int]
    private let itemsOfWord: [String: [Int32]]
    /// The words of question, answers and context with spaces around, for names.
    private let searchable: [String]

    public init(items: [BenchmarkItem], configuration: Configuration = Configuration()) {
        self.items = items
        self.configuration = configuration
        words = items.map { Self.words(of: $0.question) }
        exact = Dictionary(words.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        searchable = items.map { item in
            let text = ([item.question, item.context] + item.answers).joined(separator: "\n")
            return " " + Self.words(of: text).joined(separator: " ") + " "
        }
        var itemsOfWord: [String: [Int32]] = [:]
        for (index, text) in searchable.enumerated() {
            for word in Set(text.split(separator: " ")) { itemsOfWord[String(word), default: []].append(Int32(index)) }
        }
        self.itemsOfWord = itemsOfWord
    }

    /// Every overlap of every question: at most one of a kind per question and benchmark.
    public func overlaps(of questions: [Question]) -> [Overlap] {
        let texts = questions.map { Self.words(of: $0.text) }
        let runs = RunIndex(words: words, lengths: runLengths(texts))
        var overlaps: [Overlap] = []
        for (question, text) in zip(questions, texts) {
            var found: [Overlap] = []
            if !text.isEmpty, let item = exact[text] { found.append(overlap(question, .exact, item, question.text)) }
            for (item, run) in runs.matches(text) {
                found.append(overlap(question, .run, item, run.joined(separator: " ")))
            }
            found += chainOverlaps(question)
            var seen: Set<[String]> = []
            overlaps += found.filter { seen.insert([$0.kind.rawValue, $0.benchmark]).inserted }
        }
        return overlaps
    }

    /// `runLength`, and the lengths of shorter texts on both sides.
    private func runLengths(_ texts: [[String]]) -> Set<Int> {
        let shorter = (texts + words).map(\.count).filter {
            max(1, configuration.minimumWords)..<max(configuration.minimumWords + 1, configuration.runLength) ~= $0
        }
        return Set(shorter.filter { $0 < configuration.runLength }).union([max(1, configuration.runLength)])
    }

    private func overlap(_ question: Question, _ kind: Overlap.Kind, _ item: Int, _ detail: String) -> Overlap {
        Overlap(
            question: question.id, kind: kind, benchmark: items[item].benchmark, line: items[item].line,
            detail: detail)
    }

    private func chainOverlaps(_ question: Question) -> [Overlap] {
        let answers = Set(question.answers.map { Self.words(of: $0) })
        var namesOfItem: [Int32: [String]] = [:]
        for name in Set(question.chain).sorted() {
            for item in itemsNaming(name) { namesOfItem[item, default: []].append(name) }
        }
        return namesOfItem.sorted { $0.key < $1.key }.compactMap { item, names in
            let isAnswer = items[Int(item)].answers.contains { answers.contains(Self.words(of: $0)) }
            let needed = isAnswer ? configuration.minimumEntities : configuration.minimumEntitiesWithoutAnswer
            guard names.count >= needed else { return nil }
            return overlap(question, .chain, Int(item), names.joined(separator: "; "))
        }
    }

    private func itemsNaming(_ name: String) -> [Int32] {
        let words = Self.words(of: name)
        let postings = words.map { itemsOfWord[$0] ?? [] }
        guard let rarest = postings.min(by: { $0.count < $1.count }) else { return [] }
        let phrase = " " + words.joined(separator: " ") + " "
        return rarest.filter { searchable[Int($0)].contains(phrase) }
    }

    /// Lower-case words without accents; letters and digits only.
    static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if scalar.properties.canonicalCombiningClass != .notReordered { continue }
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }
}

/// The runs of words of several lengths in a list of texts.
private struct RunIndex {
    private let words: [[String]]
    private let lengths: [Int]
    private let longest: Int
    private var places: [Int: [Int: [SIMD2<Int32>]]] = [:]

    /// The longest length is indexed at every place; a shorter one where it is a whole text, and everywhere for whole texts
    /// of the other side.
    init(words: [[String]], lengths: Set<Int>) {
        self.words = words
        self.lengths = lengths.sorted(by: >)
        longest = lengths.max() ?? 0
        for length in self.lengths {
            var table: [Int: [SIMD2<Int32>]] = [:]
            for (item, text) in words.enumerated() where text.count >= length {
                for start in 0...(text.count - length) {
                    table[Self.hash(text[start..<(start + length)]), default: []]
                        .append(SIMD2(Int32(item), Int32(start)))
                }
            }
            places[length] = table
        }
    }

    /// The items that share a run with a text, with the first such run of each.
    func matches(_ text: [String]) -> [(item: Int, run: ArraySlice<String>)] {
        var found: [Int: ArraySlice<String>] = [:]
        for length in lengths where text.count >= length {
            for start in 0...(text.count - length) {
                let run = text[start..<(start + length)]
                for place in places[length]?[Self.hash(run)] ?? [] {
                    let (item, offset) = (Int(place.x), Int(place.y))
                    // A shorter run counts only where it is all of one of the two texts.
                    guard length == longest || text.count == length || words[item].count == length,
                        found[item] == nil, words[item][offset..<(offset + length)].elementsEqual(run)
                    else { continue }
                    found[item] = run
                }
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func hash(_ run: ArraySlice<String>) -> Int {
        var hasher = Hasher()
        for word in run { hasher.combine(word) }
        return hasher.finalize()
    }
}
