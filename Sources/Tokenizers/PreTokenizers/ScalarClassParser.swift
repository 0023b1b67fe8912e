/// Reads what stands for one scalar in a split pattern: a literal, an escape, or a class in brackets.
struct ScalarClassParser {
    private let pattern: [Unicode.Scalar]
    private var position = 0

    init(_ regex: String) { pattern = Array(regex.unicodeScalars) }

    var next: Unicode.Scalar? { position < pattern.count ? pattern[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(literally text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard pattern[position...].starts(with: scalars) else { return false }
        position += scalars.count
        return true
    }

    mutating func number() -> Int? {
        var value: Int?
        while let digit = next, (0x30...0x39).contains(digit.value) {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            guard value ?? 0 <= 100_000 else { return nil }
            position += 1
        }
        return value
    }

    /// A literal, an escape or a class.
    mutating func atom() -> ScalarSet? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "\\": return escape(word: .word)?.scalars
        case "[": return bracketClass()
        case ".": return ScalarSet(0x0A...0x0A).complemented()
        case "(", ")", "]", "{", "}", "*", "+", "?", "^", "$", "|": return nil
        default: return ScalarSet(scalar.value...scalar.value)
        }
    }

    /// What an escape stands for, after the backslash; `single` when it is one scalar, which may bound a range.
    ///
    /// - Parameter word: what `\w` stands for.
    private mutating func escape(word: ScalarSet) -> (scalars: ScalarSet, single: UInt32?)? {
        guard let scalar = next else { return nil }
        position += 1
        func single(_ value: UInt32) -> (ScalarSet, UInt32?) { (ScalarSet(value...value), value) }
        switch scalar {
        case "s": return (.whiteSpace, nil)
        case "S": return (ScalarSet.whiteSpace.complemented(), nil)
        case "w": return (word, nil)
        case "W": return (word.complemented(), nil)
        case "d": return (.decimalDigits, nil)
        case "D": return (ScalarSet.decimalDigits.complemented(), nil)
        case "p": return property().map { ($0, nil) }
        case "P": return property().map { ($0.complemented(), nil) }
        case "n": return single(0x0A)
        case "r": return single(0x0D)
        case "t": return single(0x09)
        case "f": return single(0x0C)
        case "u": return hexadecimal(count: 4).map(single)
        case "x":
            guard take("{"), let value = hexadecimal(count: nil), take("}") else { return nil }
            return single(value)
        default:
            let isASCIIPunctuation = [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E].contains {
                $0.contains(scalar.value)
            }
            return isASCIIPunctuation ? single(scalar.value) : nil
        }
    }

    /// A scalar in so many hexadecimal digits, or in as many as there are.
    private mutating func hexadecimal(count: Int?) -> UInt32? {
        var digits = ""
        while let digit = next, digit.isASCII, digit.properties.isASCIIHexDigit, digits.count < count ?? 6 {
            digits.unicodeScalars.append(digit)
            position += 1
        }
        guard count == nil || digits.count == count, let value = UInt32(digits, radix: 16) else { return nil }
        return Unicode.Scalar(value)?.value
    }

    private mutating func property() -> ScalarSet? {
        guard take("{") else { return nil }
        let isNegated = take("^")
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take("}"), let scalars = Self.property(name) else { return nil }
        return isNegated ? scalars.complemented() : scalars
    }

    private static func property(_ name: String) -> ScalarSet? {
        switch name {
        case "L": ScalarSet { $0.isLetter }
        case "Lu": ScalarSet { $0.isUppercaseLetter }
        case "Ll": ScalarSet { $0.isLowercaseLetter }
        case "Lt": ScalarSet { $0.isTitlecaseLetter }
        case "Lm": ScalarSet { $0.isModifierLetter }
        case "Lo": ScalarSet { $0.isOtherLetter }
        case "M": ScalarSet { $0.isMark }
        case "N": ScalarSet { $0.isNumber }
        case "Nd": .decimalDigits
        case "P": ScalarSet { $0.isPunctuation }
        case "S": ScalarSet { $0.isSymbol }
        case "Han": ScalarSet(alternation: ScriptRanges.han)
        case "Hiragana": ScalarSet(alternation: ScriptRanges.hiragana)
        case "Katakana": ScalarSet(alternation: ScriptRanges.katakana)
        case "Hangul": ScalarSet(alternation: ScriptRanges.hangul)
        default: nil
        }
    }

    /// A class in brackets, after the opening one. A class within it adds its scalars, `&&` intersects what stands on
    /// its sides; the named classes of POSIX are not read.
    private mutating func bracketClass() -> ScalarSet? {
        let isNegated = take("^")
        var intersection: ScalarSet?
        var scalars = ScalarSet()
        var isEmpty = true
        while !take("]") {
            if take(literally: "&&") {
                if isEmpty { return nil }
                scalars.formIntersection(intersection ?? scalars)
                (intersection, scalars, isEmpty) = (scalars, ScalarSet(), true)
                continue
            }
            guard let member = classMember() else { return nil }
            isEmpty = false
            guard next == "-", position + 1 < pattern.count, pattern[position + 1] != "]" else {
                scalars.formUnion(member.scalars)
                continue
            }
            position += 1
            guard let first = member.single, let last = classMember()?.single, first <= last else { return nil }
            scalars.insert(first...last)
        }
        if isEmpty { return nil }
        scalars.formIntersection(intersection ?? scalars)
        return isNegated ? scalars.complemented() : scalars
    }

    private mutating func classMember() -> (scalars: ScalarSet, single: UInt32?)? {
        guard let scalar = next else { return nil }
        position += 1
        switch scalar {
        case "\\": return escape(word: .wordInBrackets)
        case "[" where next != ":":
            guard let scalars = bracketClass() else { return nil }
            return (scalars, nil)
        case "[", "]": return nil
        default: return (ScalarSet(scalar.value...scalar.value), scalar.value)
        }
    }
}
