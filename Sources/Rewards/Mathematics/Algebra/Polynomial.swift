import BigInt

/// A sum of monomials with rational coefficients, greatest monomial first, none twice and no coefficient zero.
struct Polynomial: Sendable, Hashable {
    struct Term: Sendable, Hashable {
        var monomial: Monomial
        var coefficient: Rational
    }

    private(set) var terms: [Term]

    /// Elementary steps of one product of terms.
    private static let pairCost = 100

    static let zero = Polynomial(sorted: [])
    static let one = Polynomial(.one)

    private init(sorted terms: [Term]) { self.terms = terms }

    init(_ constant: Rational) {
        terms = constant.isZero ? [] : [Term(monomial: .one, coefficient: constant)]
    }

    init(_ monomial: Monomial, _ coefficient: Rational = .one) {
        terms = coefficient.isZero ? [] : [Term(monomial: monomial, coefficient: coefficient)]
    }

    /// Adds up terms in any order.
    init(sum terms: [Term]) {
        let sorted = terms.sorted { $1.monomial < $0.monomial }
        var result: [Term] = []
        result.reserveCapacity(sorted.count)
        for term in sorted {
            if let last = result.last, last.monomial == term.monomial {
                let coefficient = last.coefficient.sum(with: term.coefficient)
                result.removeLast()
                if !coefficient.isZero { result.append(Term(monomial: term.monomial, coefficient: coefficient)) }
            } else {
                result.append(term)
            }
        }
        self.terms = result
    }

    var isZero: Bool { terms.isEmpty }
    var isOne: Bool { terms.count == 1 && terms[0].monomial.isOne && terms[0].coefficient == .one }

    /// The value where it is a rational number.
    var rational: Rational? {
        if terms.isEmpty { return .zero }
        return terms.count == 1 && terms[0].monomial.isOne ? terms[0].coefficient : nil
    }

    var isConstant: Bool { allGenerators(\.isConstant) }

    func allGenerators(_ condition: (Generator) -> Bool) -> Bool {
        terms.allSatisfy { $0.monomial.factors.allSatisfy { condition($0.generator) } }
    }

    var generators: Set<Generator> {
        var all = Set<Generator>()
        for term in terms { for factor in term.monomial.factors { all.insert(factor.generator) } }
        return all
    }

    var text: String {
        if terms.isEmpty { return "0" }
        var text = ""
        for (index, term) in terms.enumerated() {
            let isNegative = term.coefficient.signum < 0
            if isNegative { text += "-" } else if index > 0 { text += "+" }
            let magnitude = term.coefficient.magnitude
            if term.monomial.isOne {
                text += magnitude.description
            } else {
                if magnitude != .one { text += magnitude.description + "*" }
                text += term.monomial.text
            }
        }
        return text
    }

    static prefix func - (value: Polynomial) -> Polynomial { value.scaled(by: -1) }

    func scaled(by factor: Rational) -> Polynomial {
        if factor.isZero { return .zero }
        if factor == .one { return self }
        return Polynomial(
            sorted: terms.map { Term(monomial: $0.monomial, coefficient: $0.coefficient.product(with: factor)) })
    }

    static func + (left: Polynomial, right: Polynomial) -> Polynomial {
        if left.isZero { return right }
        if right.isZero { return left }
        var result: [Term] = []
        result.reserveCapacity(left.terms.count + right.terms.count)
        var (a, b) = (0, 0)
        while a < left.terms.count, b < right.terms.count {
            let (first, second) = (left.terms[a], right.terms[b])
            if first.monomial == second.monomial {
                let coefficient = first.coefficient.sum(with: second.coefficient)
                if !coefficient.isZero { result.append(Term(monomial: first.monomial, coefficient: coefficient)) }
                a += 1
                b += 1
            } else if second.monomial < first.monomial {
                result.append(first)
                a += 1
            } else {
                result.append(second)
                b += 1
            }
        }
        result.append(contentsOf: left.terms[a...])
        result.append(contentsOf: right.terms[b...])
        return Polynomial(sorted: result)
    }

    static func - (left: Polynomial, right: Polynomial) -> Polynomial { left + -right }

    /// The product; the work grows with the number of pairs of terms and with the size of their coefficients.
    func multiplied(by other: Polynomial, work: inout Work) throws(AnswerProblem) -> Polynomial {
        if isZero || other.isZero { return .zero }
        if isOne { return other }
        if other.isOne { return self }
        let bits = coefficientBits + other.coefficientBits
        if bits > work.limits.digits * 8 {
            throw .overBudget("a coefficient has more than \(work.limits.digits) digits")
        }
        try work.spend(Self.pairCost * terms.count * other.terms.count)
        var products: [Term] = []
        products.reserveCapacity(terms.count * other.terms.count)
        for left in terms {
            for right in other.terms {
                let (monomial, factor) = left.monomial.multiplied(by: right.monomial)
                try work.spend(left.coefficient.cost(with: right.coefficient))
                var coefficient = left.coefficient.product(with: right.coefficient)
                if factor != .one { coefficient = coefficient.product(with: factor) }
                products.append(Term(monomial: monomial, coefficient: coefficient))
            }
        }
        return products.count == 1 ? Polynomial(sorted: products) : Polynomial(sum: products)
    }

    private var coefficientBits: Int { terms.reduce(0) { max($0, $1.coefficient.bitWidth) } }

    /// The quotient where the division leaves nothing, for polynomials in independent generators.
    func dividedExactly(by divisor: Polynomial, work: inout Work) throws(AnswerProblem) -> Polynomial? {
        guard let leading = divisor.terms.first else { return nil }
        var remainder = self
        var quotient: [Term] = []
        let inverse = leading.monomial.inverse
        while let term = remainder.terms.first {
            if quotient.count > 200 { return nil }
            let monomial = term.monomial.multiplied(by: inverse.monomial).monomial
            guard let coefficient = term.coefficient / leading.coefficient,
                monomial.factors.allSatisfy({ $0.exponent.signum > 0 })
            else { return nil }
            quotient.append(Term(monomial: monomial, coefficient: coefficient))
            remainder = remainder - (try Polynomial(monomial, coefficient).multiplied(by: divisor, work: &work))
        }
        return Polynomial(sum: quotient)
    }
}
