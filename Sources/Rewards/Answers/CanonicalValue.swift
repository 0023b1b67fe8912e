/// The one value that stands for all ways to write the same answer of a type.
///
/// Each side of a comparison is canonicalised alone. Equality is equality of ``kind`` and ``text``, hence reflexive,
/// symmetric, transitive and hashable: answers can be counted for a majority vote. `payload` carries the number or the
/// expression behind the text for policies that need it (tolerances, identity testing) and is no part of equality.
public struct CanonicalValue: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case text, number, quantity, range, date, duration, identifier, variant, boolean, choice
        case tuple, multiset, set, record, json, mathematics
    }

    /// What lies behind the canonical text.
    enum Payload: Sendable {
        case none
        case number(Rational)
        /// The magnitude in base units; the canonical text names their dimension.
        case quantity(Rational)
        case elements([CanonicalValue])
        case mathematics(MathematicalValue)
    }

    public let kind: Kind
    /// The canonical text, never empty; two values of a kind are equal exactly when their texts are.
    public let text: String
    let payload: Payload

    init(_ kind: Kind, _ text: String, payload: Payload = .none) {
        self.kind = kind
        self.text = text
        self.payload = payload
    }

    init(number: Rational) { self.init(.number, number.description, payload: .number(number)) }

    public var description: String { text }

    public static func == (left: CanonicalValue, right: CanonicalValue) -> Bool {
        left.kind == right.kind && left.text == right.text
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(text)
    }
}
