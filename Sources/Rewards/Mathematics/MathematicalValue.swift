/// The canonical form of a mathematical answer.
struct MathematicalValue: Sendable, Hashable {
    indirect enum Node: Sendable {
        case scalar(Scalar)
        /// With its sign; 0 for the complex infinity.
        case infinity(Int)
        /// Words in lower case without brackets or punctuation around them.
        case text(String)
        /// A number written in a base other than ten, where the base is part of the answer.
        case numeral(Scalar, base: Int)
        case tuple([MathematicalValue])
        /// Elements without brackets, in the order in which they are written.
        case list([MathematicalValue])
        case set([MathematicalValue])
        case region(RealSet)
        /// Set operations on sets whose elements are not known.
        case setTerm(String, [MathematicalValue])
        case matrix([[MathematicalValue]])
        case relation(RelationValue)
        case membership(MathematicalValue, MathematicalValue, isNegated: Bool)
        case measured(MathematicalValue, unit: String)
        case ratio([Scalar])
    }

    let node: Node
    /// Equal for equal values wherever the form is canonical.
    let text: String
    /// The letters of a word that was read as a product.
    var letters: String?
    var operators: OperatorUse = []
    /// An integral, a limit or the like is in it that is compared by its form, so that another form proves nothing.
    var isUnfinished = false
    /// A membership that inequalities joined by `and` or `or` were read as.
    var isJoined = false

    init(_ node: Node, text: String) {
        self.node = node
        self.text = text
    }

    /// The text is a digest of values and no proof of equality.
    var isDigest: Bool { text.utf8.contains(UInt8(ascii: "~")) }

    static func == (left: MathematicalValue, right: MathematicalValue) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    var scalar: Scalar? {
        if case .scalar(let scalar) = node { return scalar }
        return nil
    }
}

/// An equation, an inequality or a chain of them.
struct RelationValue: Sendable {
    /// One more than there are relations.
    var sides: [MathematicalValue]
    var relations: [MathRelation]
    /// Equations and inequalities between scalars as statements about zero, up to a factor.
    var normalised: [NormalisedRelation]?
    /// The value that the relation gives to a name: the right side of `x = 5`.
    var assigned: Int?
    var isNamed: Bool
    /// The definition of a function, with its arguments renamed.
    var renamed: RenamedFunction?

    var assignedValue: MathematicalValue? { assigned.map { sides[$0] } }
}

/// `f(x) = …` with numbered arguments, so that their names do not matter.
struct RenamedFunction: Sendable {
    /// The function's name and the number of its arguments.
    var name: String
    var equation: NormalisedRelation
}

/// `difference relation 0`.
struct NormalisedRelation: Sendable {
    enum Kind: String, Sendable { case equal = "=", notEqual = "≠", positive = ">", notNegative = "≥" }

    var kind: Kind
    var difference: Scalar

    var text: String { difference.text + kind.rawValue + "0" }
}
