/// Reads the split patterns that need no backtracking: alternatives of literals and classes, each perhaps repeated.
///
/// Not a regular-expression engine: whatever is not proven to match the same without ever going back, or might take more
/// than linear time, is refused, as is all syntax beyond literals, `.`, `[…]`, `\s \S \w \W \d \D \p{…} \P{…}`, escaped
/// punctuation, `\r \n \t \f` and the greedy quantifiers `? * + {n} {n,} {n,m}`. The meaning is Oniguruma's.
struct SplitPatternParser {
    private let pattern: [UInt32]
    private var position = 0

    private init(_ regex: String) { pattern = regex.unicodeScalars.map(\.value) }

    /// `nil` when the pattern is not of this kind.
    static func scanner(for regex: String) -> RunScanner? {
        var parser = SplitPatternParser(regex)
        var alternatives: [[RunScanner.Run]] = []
        repeat {
            guard let runs = parser.alternative(), isDeterministic(runs) else { return nil }
            alternatives.append(runs)
        } while parser.take("|")
        return parser.position == parser.pattern.count ? RunScanner(alternatives: alternatives) : nil
    }

    /// Whether taking the longest run each time finds the match that trying everything would find, in linear time, and
    /// none is empty.
    ///
    /// A run may be of any length between its bounds only if nothing that may follow, up to the next thing that must
    /// follow, begins with one of its scalars: then a shorter run cannot help. One without an upper bound must not be
    /// followed by anything that can fail, or failing again and again would take quadratic time.
    private static func isDeterministic(_ runs: [RunScanner.Run]) -> Bool {
        guard runs.contains(where: { $0.minimum > 0 }) else { return false }
        for (index, run) in runs.enumerated() where run.minimum < run.maximum {
            let rest = runs[(index + 1)...]
            guard let required = rest.firstIndex(where: { $0.minimum > 0 }) else { continue }
            guard run.maximum < Int.max else { return false }
            guard rest[...required].allSatisfy({ run.scalars.isDisjoint(with: $0.scalars) }) else { return false }
        }
        return true
    }

    // MARK: Syntax

    private var next: UInt32? { position < pattern.count ? pattern[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar.value else { return false }
        position += 1
        return true
    }

    private mutating func alternative() -> [RunScanner.Run]? {
        var runs: [RunScanner.Run] = []
        while let scalar = next, scalar != Unicode.Scalar("|").value {
            guard let scalars = atom(), let (minimum, maximum) = quantifier() else { return nil }
            runs.append(RunScanner.Run(scalars: scalars, minimum: minimum, maximum: maximum))
        }
        return runs
    }

    private mutating func atom() -> ScalarSet? {
        guard let scalar = next else { return nil }
        position += 1
        switch Unicode.Scalar(scalar) {
        case "\\": return escape(word: .word)?.scalars
        case "[": return bracketClass()
        case ".": return ScalarSet(0x0A...0x0A).complemented()
        case "(", ")", "]", "{", "}", "*", "+", "?", "^", "$": return nil
        default: return ScalarSet(scalar...scalar)
        }
    }

    /// The bounds of a quantifier; once, where there is none.
    private mutating func quantifier() -> (minimum: Int, maximum: Int)? {
        var bounds = (minimum: 1, maximum: 1)
        if take("?") {
            bounds.minimum = 0
        } else if take("*") {
            bounds = (0, Int.max)
        } else if take("+") {
            bounds.maximum = Int.max
        } else if take("{") {
            guard let minimum = number() else { return nil }
            bounds = (minimum, minimum)
            if take(",") {
                bounds.maximum = Int.max
                if next != Unicode.Scalar("}").value {
                    guard let maximum = number(), maximum >= minimum else { return nil }
                    bounds.maximum = maximum
                }
            }
            guard take("}"), bounds.maximum > 0 else { return nil }
        } else {
            return bounds
        }
        // A second quantifier would make the first lazy or possessive, or repeat it.
        if let scalar = next.flatMap(Unicode.Scalar.init), ["?", "*", "+", "{"].contains(scalar) { return nil }
        return bounds
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, (0x30...0x39).contains(digit) {
            value = (value ?? 0) * 10 + Int(digit - 0x30)
            guard value ?? 0 <= 100_000 else { return nil }
            position += 1
        }
        return value
    }

    /// What an escape stands for, after the backslash; `single` when it is one scalar, which may bound a range.
    ///
    /// - Parameter word: what `\w` stands for.
    private mutating func escape(word: ScalarSet) -> (scalars: ScalarSet, single: UInt32?)? {
        guard let scalar = next else { return nil }
        position += 1
        func single(_ value: UInt32) -> (ScalarSet, UInt32?) { (ScalarSet(value...value), value) }
        switch Unicode.Scalar(scalar) {
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
        default:
            let isASCIIPunctuation = [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E].contains {
                $0.contains(scalar)
            }
            return isASCIIPunctuation ? single(scalar) : nil
        }
    }

    private mutating func property() -> ScalarSet? {
        guard take("{") else { return nil }
        let isNegated = take("^")
        var name = ""
        while let scalar = next.flatMap(Unicode.Scalar.init), scalar != "}" {
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
        default: nil
        }
    }

    /// A class in brackets, after the opening one. A class within it adds its scalars; intersections and the named classes
    /// of POSIX are not read.
    private mutating func bracketClass() -> ScalarSet? {
        let isNegated = take("^")
        var scalars = ScalarSet()
        var isEmpty = true
        while !take("]") {
            guard let member = classMember() else { return nil }
            isEmpty = false
            guard next == Unicode.Scalar("-").value, position + 1 < pattern.count,
                pattern[position + 1] != Unicode.Scalar("]").value
            else {
                scalars.formUnion(member.scalars)
                continue
            }
            position += 1
            guard let first = member.single, let last = classMember()?.single, first <= last else { return nil }
            scalars.insert(first...last)
        }
        if isEmpty { return nil }
        return isNegated ? scalars.complemented() : scalars
    }

    private mutating func classMember() -> (scalars: ScalarSet, single: UInt32?)? {
        guard let scalar = next else { return nil }
        position += 1
        switch Unicode.Scalar(scalar) {
        case "\\": return escape(word: .wordInBrackets)
        case "[" where next != Unicode.Scalar(":").value:
            guard let scalars = bracketClass() else { return nil }
            return (scalars, nil)
        case "[", "]": return nil
        case "&" where next == Unicode.Scalar("&").value: return nil
        default: return (ScalarSet(scalar...scalar), scalar)
        }
    }
}
