/// A unit expression of UCUM, as it was written.
struct UCUMTerm: Sendable {
    enum Component: Sendable {
        case factor(Int)
        case unit(prefix: UCUMPrefix?, atom: UCUMAtom, exponent: Int)
        /// An annotation alone: the unit one.
        case annotation(String)
        case group(UCUMTerm)
    }

    struct Link: Sendable {
        var isDivided: Bool
        var component: Component
    }

    var hasLeadingSlash: Bool
    var links: [Link]

    /// The unit's meaning; `nil` beyond the limits of ``UnitMeaning``. Read from left to right, as UCUM says: `a/b.c`
    /// is `(a/b).c`.
    var meaning: UnitMeaning? {
        var result = UnitMeaning.one
        for link in links {
            let sign = link.isDivided ? -1 : 1
            let product: UnitMeaning? =
                switch link.component {
                case .factor(let value):
                    result.times(UnitMeaning(scale: Rational(value), dimension: .one), power: sign)
                case .unit(let prefix, let atom, let exponent):
                    result.times(
                        prefix.map { atom.meaning.scaled(by: $0.factor) } ?? atom.meaning, power: sign * exponent)
                case .annotation: result
                case .group(let term): term.meaning.flatMap { result.times($0, power: sign) }
                }
            guard let product else { return nil }
            result = product
        }
        return result
    }

    /// The expression in words, as UCUM's tools print it: `(meter ^ 3) * (kilogram ^ -1)`.
    var displayName: String {
        var text = ""
        for (index, link) in links.enumerated() {
            if link.isDivided { text += index == 0 ? "/ " : " / " } else if index > 0 { text += " * " }
            switch link.component {
            case .factor(let value): text += String(value)
            case .unit(let prefix, let atom, let exponent):
                text += "(" + (prefix?.name ?? "") + atom.name
                if exponent != 1 { text += " ^ \(exponent)" }
                text += ")"
            case .annotation(let words): text += words
            case .group(let term): text += "(" + term.displayName + ")"
            }
        }
        return text
    }
}

/// Reads unit expressions in the case-sensitive notation of UCUM, strictly and in linear time.
///
/// Grammar (UCUM §§ 7–12): a term is components joined by `.` and `/`, with an optional `/` before it; a component is a
/// unit with an optional exponent and annotation, an annotation, an integer with an optional annotation, or a term in
/// parentheses.
struct UCUMParser {
    private let bytes: [UInt8]
    private let atom: (_ bytes: [UInt8], _ range: Range<Int>) -> UCUMAtom?
    private var position = 0
    private var depth = 0

    /// - Parameter atom: finds an atom by its code.
    init(
        _ bytes: [UInt8],
        atom: @escaping (_ bytes: [UInt8], _ range: Range<Int>) -> UCUMAtom? = { UCUMAtoms.table.find($0, $1) }
    ) {
        self.bytes = bytes
        self.atom = atom
    }

    private static let depthLimit = 32
    private static let componentLimit = 512

    /// The whole text as one term.
    mutating func parse() throws(AnswerProblem) -> UCUMTerm {
        guard !bytes.isEmpty else { throw .malformed("expected a unit, found nothing", offset: 0) }
        let term = try term()
        guard position == bytes.count else { throw unexpected("an operator or the end of the unit") }
        return term
    }

    private mutating func term() throws(AnswerProblem) -> UCUMTerm {
        var term = UCUMTerm(hasLeadingSlash: peek == UInt8(ascii: "/"), links: [])
        if term.hasLeadingSlash { position += 1 }
        var isDivided = term.hasLeadingSlash
        while true {
            guard term.links.count < Self.componentLimit else {
                throw .overBudget("a unit has more than \(Self.componentLimit) components")
            }
            term.links.append(UCUMTerm.Link(isDivided: isDivided, component: try component()))
            switch peek {
            case UInt8(ascii: "."): isDivided = false
            case UInt8(ascii: "/"): isDivided = true
            default: return term
            }
            position += 1
        }
    }

    private mutating func component() throws(AnswerProblem) -> UCUMTerm.Component {
        switch peek {
        case UInt8(ascii: "("):
            guard depth < Self.depthLimit else {
                throw .overBudget("parentheses are nested more than \(Self.depthLimit) deep")
            }
            position += 1
            depth += 1
            let term = try term()
            guard peek == UInt8(ascii: ")") else { throw unexpected("a closing parenthesis") }
            position += 1
            depth -= 1
            return .group(term)
        case UInt8(ascii: "{"): return .annotation(try annotation())
        case .some(let byte) where Self.isDigit(byte) && !isPowerOfTen:
            let value = try digits()
            guard value > 0 else { throw .malformed("a factor of a unit must not be zero", offset: position) }
            if peek == UInt8(ascii: "{") { _ = try annotation() }
            return .factor(value)
        default:
            let unit = try unit()
            if peek == UInt8(ascii: "{") { _ = try annotation() }
            return unit
        }
    }

    private mutating func unit() throws(AnswerProblem) -> UCUMTerm.Component {
        let start = position
        if isPowerOfTen {
            position += 3
        } else {
            while let byte = peek, Self.isSymbol(byte) {
                if byte == UInt8(ascii: "[") { try skipBrackets() } else { position += 1 }
            }
        }
        let end = position
        guard end > start else { throw unexpected("a unit") }
        var exponent = 1
        let sign = peek
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") || sign.map(Self.isDigit) == true {
            if sign.map(Self.isDigit) != true { position += 1 }
            let value = try digits()
            guard value <= Dimension.exponentLimit else {
                throw .overBudget("an exponent is above \(Dimension.exponentLimit)")
            }
            exponent = sign == UInt8(ascii: "-") ? -value : value
        }
        guard let (prefix, atom) = symbol(start..<end) else {
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            throw .malformed("expected a unit of UCUM, found `\(text)`", offset: start)
        }
        return .unit(prefix: prefix, atom: atom, exponent: exponent)
    }

    /// An atom, or a metric atom with a prefix.
    private func symbol(_ range: Range<Int>) -> (UCUMPrefix?, UCUMAtom)? {
        if let atom = atom(bytes, range) { return (nil, atom) }
        return UCUMPrefix.first(of: bytes, range) { prefix, rest in
            guard let atom = atom(bytes, rest), atom.isMetric else { return nil }
            return (UCUMPrefix.all[prefix], atom)
        }
    }

    private mutating func annotation() throws(AnswerProblem) -> String {
        let start = position
        position += 1
        while let byte = peek, byte != UInt8(ascii: "}") {
            guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "{") else { throw unexpected("an annotation") }
            position += 1
        }
        guard peek != nil else { throw unexpected("a closing brace") }
        position += 1
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipBrackets() throws(AnswerProblem) {
        while let byte = peek, byte != UInt8(ascii: "]") {
            guard (0x21...0x7E).contains(byte) else { throw unexpected("a closing bracket") }
            position += 1
        }
        guard peek != nil else { throw unexpected("a closing bracket") }
        position += 1
    }

    private mutating func digits() throws(AnswerProblem) -> Int {
        let start = position
        var value = 0
        while let byte = peek, Self.isDigit(byte) {
            guard position - start < 18 else { throw .overBudget("a factor of a unit has more than 18 digits") }
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        guard position > start else { throw unexpected("digits") }
        return value
    }

    /// Whether `10*` or `10^` stands here.
    private var isPowerOfTen: Bool {
        guard position + 2 < bytes.count, bytes[position] == 0x31, bytes[position + 1] == 0x30 else { return false }
        return bytes[position + 2] == UInt8(ascii: "*") || bytes[position + 2] == UInt8(ascii: "^")
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// A byte of an atom outside square brackets.
    private static func isSymbol(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "["),
            UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "'"):
            true
        default: false
        }
    }

    private func unexpected(_ expected: String) -> AnswerProblem {
        guard let byte = peek else { return .malformed("expected \(expected), found the end", offset: position) }
        let found = (0x21...0x7E).contains(byte) ? "`\(Character(Unicode.Scalar(byte)))`" : "byte \(byte)"
        return .malformed("expected \(expected), found \(found)", offset: position)
    }
}
