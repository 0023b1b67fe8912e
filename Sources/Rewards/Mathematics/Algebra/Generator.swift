import BigInt

/// Something that polynomials are built from: a variable, a constant such as π, or a function of other scalars.
///
/// Two generators with the same key are the same thing. The rank orders them, variables first, so that texts read well.
final class Generator: Sendable {
    enum Kind: Sendable {
        case variable
        case imaginary
        /// A prime, or an integer without small factors, raised to exponents from 0 to 1.
        case prime(BigInt)
        case pi
        /// `e^{iπ}`, raised to rational exponents from 0 to 1: the roots of unity.
        case unity
        /// `e` to the power of a term with the coefficient 1.
        case exponential(Scalar)
        case logarithm(Scalar)
        /// A scalar raised to exponents from 0 to 1.
        case power(Scalar)
        /// A scalar raised to integers so great that the product is not written out.
        case largePower(Scalar)
        case call(MathFunction, [Scalar])
        /// An unknown function's value, or an operation that is compared by its form.
        case symbolic
    }

    let kind: Kind
    let key: String
    let rank: UInt8
    /// No variable occurs in it.
    let isConstant: Bool
    /// An algebraic number.
    let isAlgebraic: Bool
    /// No algebraic relation between generators of this kind is left once monomials are reduced, as far as is known.
    let isIndependent: Bool

    private init(
        _ kind: Kind, key: String, rank: UInt8, isConstant: Bool, isAlgebraic: Bool = false, isIndependent: Bool
    ) {
        self.kind = kind
        self.key = key
        self.rank = rank
        self.isConstant = isConstant
        self.isAlgebraic = isAlgebraic
        self.isIndependent = isIndependent
    }

    static let imaginary = Generator(
        .imaginary, key: "i", rank: 5, isConstant: true, isAlgebraic: true, isIndependent: true)
    static let pi = Generator(.pi, key: "π", rank: 6, isConstant: true, isIndependent: true)
    static let unity = Generator(
        .unity, key: "(-1)", rank: 8, isConstant: true, isAlgebraic: true, isIndependent: false)
    static let euler = exponential(.one)

    static func variable(_ name: String) -> Generator {
        Generator(.variable, key: name, rank: 1, isConstant: false, isIndependent: true)
    }

    static func symbolic(_ text: String) -> Generator {
        Generator(.symbolic, key: text, rank: 2, isConstant: false, isIndependent: true)
    }

    static func prime(_ prime: BigInt) -> Generator {
        Generator(
            .prime(prime), key: String(prime), rank: 4, isConstant: true, isAlgebraic: true, isIndependent: true)
    }

    static func exponential(_ argument: Scalar) -> Generator {
        Generator(
            .exponential(argument), key: argument == .one ? "e" : "exp(\(argument.text))", rank: 7,
            isConstant: argument.isConstant, isIndependent: argument.isIndependent)
    }

    static func logarithm(_ argument: Scalar) -> Generator {
        var isIndependent = false
        if case .rational = argument { isIndependent = true }
        return Generator(
            .logarithm(argument), key: "ln(\(argument.text))", rank: 7, isConstant: argument.isConstant,
            isIndependent: isIndependent)
    }

    static func power(_ base: Scalar) -> Generator {
        Generator(
            .power(base), key: "(\(base.text))", rank: 9, isConstant: base.isConstant, isAlgebraic: base.isAlgebraic,
            isIndependent: false)
    }

    static func largePower(_ base: Scalar) -> Generator {
        Generator(
            .largePower(base), key: "{\(base.text)}", rank: 9, isConstant: base.isConstant,
            isAlgebraic: base.isAlgebraic, isIndependent: false)
    }

    static func call(_ function: MathFunction, _ arguments: [Scalar]) -> Generator {
        Generator(
            .call(function, arguments),
            key: "\(function.rawValue)(" + arguments.map(\.text).joined(separator: ",") + ")", rank: 10,
            isConstant: arguments.allSatisfy(\.isConstant), isIndependent: false)
    }

    /// Its powers obey rules beyond the addition of exponents.
    var hasReduction: Bool {
        switch kind {
        case .unity, .power: true
        default: false
        }
    }
}

extension Generator: Hashable, Comparable {
    static func == (left: Generator, right: Generator) -> Bool {
        left === right || (left.rank == right.rank && left.key == right.key)
    }

    static func < (left: Generator, right: Generator) -> Bool {
        left.rank != right.rank ? left.rank < right.rank : left.key < right.key
    }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
