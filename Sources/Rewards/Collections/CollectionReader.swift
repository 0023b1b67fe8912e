/// Reads a list (in order), a multiset or a set of elements, each read by the reader of its type.
///
/// Brackets, quotes, bullets and the kind of separator do not count; an element that is no answer of its type makes the
/// collection none.
struct CollectionReader: AnswerReader {
    enum Kind: Sendable, Hashable {
        case tuple, multiset, set

        var canonical: CanonicalValue.Kind {
            switch self {
            case .tuple: .tuple
            case .multiset: .multiset
            case .set: .set
            }
        }
    }

    let kind: Kind
    let element: any AnswerReader
    let policy: CollectionPolicy
    private let splitter: CollectionSplitter

    /// `hasNumericElements`: see ``CollectionSplitter``.
    init(
        kind: Kind, element: any AnswerReader, hasNumericElements: Bool = false,
        policy: CollectionPolicy = CollectionPolicy()
    ) {
        self.kind = kind
        self.element = element
        self.policy = policy
        splitter = CollectionSplitter(policy: policy, hasNumericElements: hasNumericElements)
    }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected elements, found an empty answer") }
        var elements: [CanonicalValue] = []
        for (index, piece) in try splitter.split(text, work: &work).enumerated() {
            do throws(AnswerProblem) {
                elements.append(try element.read(piece.text, side: side, work: &work))
            } catch {
                throw error.within("element \(index + 1)", movedBy: piece.offset)
            }
        }
        if kind != .tuple {
            try work.spend(elements.count * 8)
            elements.sort { ($0.text, $0.kind.rawValue) < ($1.text, $1.kind.rawValue) }
        }
        if kind == .set { elements = try withoutDuplicates(elements, side: side, work: &work) }
        return CanonicalValue(kind.canonical, canonicalText(of: elements), payload: .elements(elements))
    }

    private func withoutDuplicates(
        _ sorted: [CanonicalValue], side: AnswerSide, work: inout Work
    ) throws(AnswerProblem) -> [CanonicalValue] {
        var unique: [CanonicalValue] = []
        unique.reserveCapacity(sorted.count)
        for element in sorted where element != unique.last { unique.append(element) }
        guard unique.count < sorted.count else { return unique }
        if policy.duplicates == .refuse { throw .malformed("expected different elements, found one twice") }
        work.apply("merged duplicates")
        return unique
    }

    private func canonicalText(of elements: [CanonicalValue]) -> String {
        let brackets = kind == .tuple ? ("(", ")") : ("{", "}")
        return brackets.0 + elements.map(CollectionText.element).joined(separator: ", ") + brackets.1
    }

    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard case .elements(let golds) = gold.payload, case .elements(let others) = prediction.payload,
            gold.kind == prediction.kind, golds.count == others.count
        else { return Comparison(isEqual: false, guarantee: .exact) }
        return kind == .tuple
            ? try ElementComparison.inOrder(golds, others, by: element, work: &work)
            : try ElementComparison.matched(golds, others, by: element, work: &work)
    }
}

/// How elements stand in the canonical text of a collection: quoted where they could be mistaken for its structure.
enum CollectionText {
    static func element(_ value: CanonicalValue) -> String {
        switch value.kind {
        case .tuple, .multiset, .set, .record, .json: value.text
        default: quoted(value.text)
        }
    }

    static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: isStructural) || text.utf8.isEmpty else { return text }
        var quoted: [UInt8] = []
        JSONNode.writeQuoted(Array(text.utf8), to: &quoted)
        return String(decoding: quoted, as: UTF8.self)
    }

    private static func isStructural(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), 0..<0x20:
            true
        default: false
        }
    }
}

extension AnswerProblem {
    /// The problem as seen from the enclosing answer, in which the part begins at `offset`.
    func within(_ part: String, movedBy offset: Int?) -> AnswerProblem {
        func moved(_ inner: Int?) -> Int? { offset.map { $0 + (inner ?? 0) } }
        return switch self {
        case .malformed(let text, let inner): .malformed("\(part): \(text)", offset: moved(inner))
        case .refused(let text, let inner): .refused("\(part): \(text)", offset: moved(inner))
        case .undecided(let text): .undecided("\(part): \(text)")
        case .overBudget(let text): .overBudget("\(part): \(text)")
        }
    }
}
