import BigInt

/// Scans an English number in words, or digits with a word of scale: `two hundred and five`, `minus three`,
/// `two and a half million`, `three quarters`, `a dozen`, `two point five`, `13,009 million`, `twenty-first`.
///
/// The grammar is strict: scales descend, `hundred` and tens stand where they may. `twenty eleven` ends after `twenty`,
/// so that a caller that wants the whole text refuses it.
struct NumberWords {
    private struct Token {
        enum Content {
            case word(NumberVocabulary.Word)
            case digits(Rational)
        }

        var content: Content
        var end: Int
        var followsComma: Bool

        var word: NumberVocabulary.Word? {
            guard case .word(let word) = content else { return nil }
            return word
        }
    }

    private let tokens: [Token]
    private let ordinals: Bool
    private var index = 0
    /// A word of rank was read: nothing may follow it.
    private var isFinished = false
    /// A word of scale was read.
    private var isScaled = false

    /// The number in words that begins at `from`, or `nil`.
    static func scan(
        _ bytes: [UInt8], from: Int, policy: NumberPolicy, work: inout Work
    ) throws(AnswerProblem) -> ScannedNumber? {
        var start = from
        let sign = NumberSymbol(bytes, at: from)
        let isNegative = sign.code == UInt8(ascii: "-")
        let isSigned = isNegative || sign.code == UInt8(ascii: "+")
        if isSigned {
            start += sign.length
            guard NumberSymbol(bytes, at: start).isDigit else { return nil }
        }
        let tokens = try tokens(bytes, from: start, policy: policy, &work)
        guard !tokens.isEmpty else { return nil }
        var words = NumberWords(tokens: tokens, ordinals: policy.ordinals)
        guard let value = words.signedNumber(), words.index > 0 else { return nil }
        work.apply("number words")
        return ScannedNumber(
            value: isNegative ? -value : value, end: tokens[words.index - 1].end, form: .words, isSigned: isSigned)
    }

    private init(tokens: [Token], ordinals: Bool) {
        self.tokens = tokens
        self.ordinals = ordinals
    }

    // MARK: Tokens

    /// Number words and digits up to the first other thing.
    private static func tokens(
        _ bytes: [UInt8], from start: Int, policy: NumberPolicy, _ work: inout Work
    ) throws(AnswerProblem) -> [Token] {
        var tokens: [Token] = []
        var position = start
        while tokens.count < 256 {
            let (begin, isComma) = tokens.isEmpty ? (position, false) : gap(bytes, at: position)
            guard let begin else { break }
            let first = NumberSymbol(bytes, at: begin)
            if first.isDigit || first.code == UInt8(ascii: ".") || first.code == NumberSymbol.vulgar {
                guard let number = try NumberScanner.scan(bytes, from: begin, policy: policy, work: &work) else {
                    break
                }
                tokens.append(Token(content: .digits(number.value), end: number.end, followsComma: isComma))
                position = number.end
            } else if let (word, end) = word(bytes, at: begin) {
                tokens.append(Token(content: .word(word), end: end, followsComma: isComma))
                position = end
            } else {
                break
            }
        }
        try work.spend(position - start + 1)
        return tokens
    }

    /// White space, one hyphen, or a comma with a space, between two words; `nil` start if there is none.
    private static func gap(_ bytes: [UInt8], at start: Int) -> (begin: Int?, isComma: Bool) {
        var position = start
        let first = NumberSymbol(bytes, at: position)
        let isComma = first.code == UInt8(ascii: ",")
        if isComma || first.code == UInt8(ascii: "-") {
            position += first.length
            if !isComma { return (position, false) }
        }
        let spaces = position
        while true {
            let symbol = NumberSymbol(bytes, at: position)
            guard symbol.isSpace || symbol.code == 0x0A || symbol.code == 0x09 else { break }
            position += symbol.length
        }
        return position > spaces ? (position, isComma) : (nil, false)
    }

    /// The letters at a position, if they are a word of numbers.
    private static func word(_ bytes: [UInt8], at start: Int) -> (NumberVocabulary.Word, end: Int)? {
        var letters: [UInt8] = []
        var position = start
        while true {
            let symbol = NumberSymbol(bytes, at: position)
            let lower = symbol.code | 0x20
            guard symbol.code < 0x80, lower &- 0x61 < 26 else {
                if symbol.isDigit { return nil }
                break
            }
            guard letters.count < NumberVocabulary.longest else { return nil }
            letters.append(lower)
            position += symbol.length
        }
        guard !letters.isEmpty else { return nil }
        return NumberVocabulary.word(String(decoding: letters, as: UTF8.self)).map { ($0, position) }
    }

    // MARK: Grammar

    private func word(_ offset: Int = 0) -> NumberVocabulary.Word? {
        let place = index + offset
        guard place < tokens.count, !tokens[place].followsComma else { return nil }
        return tokens[place].word
    }

    private func isNext(_ kind: NumberVocabulary.Kind, _ offset: Int = 0) -> Bool {
        guard let word = word(offset) else { return false }
        return word.kind == kind && word.form == .cardinal
    }

    /// Takes a word of a kind: a cardinal, or a rank where ranks are read.
    private mutating func take(_ kind: NumberVocabulary.Kind) -> Int? {
        guard !isFinished, let word = word(), word.kind == kind else { return nil }
        switch word.form {
        case .cardinal: break
        case .ordinal where ordinals: isFinished = true
        default: return nil
        }
        index += 1
        return word.value
    }

    private mutating func signedNumber() -> Rational? {
        if ordinals, isNext(.the) { index += 1 }
        if isNext(.minus) || isNext(.plus) {
            let isNegative = isNext(.minus)
            index += 1
            if index < tokens.count, case .digits(let value) = tokens[index].content, !isNext(.scale, 1),
                !isNext(.and, 1)
            {
                index += 1
                return isNegative ? -value : value
            }
            guard let value = number() else { return nil }
            return isNegative ? -value : value
        }
        return number()
    }

    private mutating func number() -> Rational? {
        guard index < tokens.count else { return nil }
        if let half = halfOfSomething() { return half }
        if isNext(.point) { return decimals(after: 0) }
        if isNext(.zero) {
            index += 1
            return decimals(after: 0) ?? 0
        }
        if isNext(.article) {
            index += 1
            if let part = fraction(of: 1) { return part }
            guard isNext(.hundred) || isNext(.scale) || isNext(.dozen) else { return nil }
        }
        if isNext(.dozen) {
            index += 1
            return 12
        }
        if index == 0, case .digits(let whole) = tokens[0].content, whole.isInteger, isNext(.and, 1) {
            // `3 and a half`
            index += 1
            let value = rest(after: whole)
            return index > 1 ? value : nil
        }
        guard let whole = cardinal() else { return nil }
        guard !isFinished else { return whole }
        return rest(after: whole)
    }

    /// What may follow a cardinal: a denominator, `dozen`, decimals, `and a half`.
    private mutating func rest(after whole: Rational) -> Rational {
        if let part = fraction(of: whole) { return part }
        guard !isScaled else { return whole }
        if isNext(.dozen) {
            index += 1
            return whole * 12
        }
        if let value = decimals(after: whole) { return scaled(value) }
        let start = index
        if isNext(.and) {
            index += 1
            if isNext(.article) {
                index += 1
                if let part = fraction(of: 1) { return scaled(whole + part) }
            } else if let numerator = small(), !isFinished, let part = fraction(of: Rational(numerator)), part < 1 {
                return scaled(whole + part)
            }
        }
        (index, isFinished) = (start, false)
        return whole
    }

    /// `half`, `half a dozen`, `half a million`.
    private mutating func halfOfSomething() -> Rational? {
        guard let word = word(), word.kind == .half, word.form == .ordinal else { return nil }
        index += 1
        let start = index
        if isNext(.article) { index += 1 }
        let half = Rational(1, 2) ?? 0
        if isNext(.dozen) {
            index += 1
            return 6
        }
        if index > start {
            if isNext(.hundred) {
                index += 1
                return 50
            }
            if isNext(.scale) { return scaled(half) }
        }
        index = start
        return half
    }

    /// The value, times the power of ten of a word of scale that follows.
    private mutating func scaled(_ value: Rational) -> Rational {
        isFinished = false
        guard isNext(.scale), let power = take(.scale) else { return value }
        return value * .powerOfTen(power)
    }

    /// `point five three`.
    private mutating func decimals(after whole: Rational) -> Rational? {
        guard isNext(.point), isNext(.unit, 1) || isNext(.zero, 1) else { return nil }
        index += 1
        var (value, count) = (BigInt(0), 0)
        while isNext(.unit) || isNext(.zero), let word = word() {
            value = value * 10 + BigInt(word.value)
            count += 1
            index += 1
        }
        return whole + Rational(value) * .powerOfTen(-count)
    }

    /// A denominator after a numerator, singular for one part: `third`, `twenty-fifths`, `quarters`.
    private mutating func fraction(of numerator: Rational) -> Rational? {
        let form: NumberVocabulary.Form = numerator == .one ? .ordinal : .plural
        var tens = 0
        var place = 0
        if let first = word(), first.kind == .tens, first.form == .cardinal {
            (tens, place) = (first.value, 1)
        }
        guard let last = word(place), last.form == form else { return nil }
        let denominator: Rational
        switch last.kind {
        case .unit where tens > 0 || last.value > 2: denominator = Rational(tens + last.value)
        case .half, .quarter, .teen, .tens, .hundred:
            guard tens == 0 else { return nil }
            denominator = Rational(last.value)
        case .scale:
            // `two hundred thousandths` has two readings.
            guard tens == 0, !endsInHundredOrScale else { return nil }
            denominator = .powerOfTen(last.value)
        default: return nil
        }
        index += place + 1
        isFinished = true
        return numerator / denominator
    }

    private var endsInHundredOrScale: Bool {
        guard index > 0, let last = tokens[index - 1].word else { return false }
        return last.kind == .hundred || last.kind == .scale
    }

    /// Groups with descending scales; the last may have none.
    private mutating func cardinal() -> Rational? {
        var total = Rational.zero
        var lastPower = Int.max
        var hasGroup = false
        while !isFinished {
            let start = index
            let isComma = index < tokens.count && tokens[index].followsComma
            let isJoined = hasGroup && !isComma && isNext(.and)
            if isJoined { index += 1 }
            guard let group = group(isFirst: !hasGroup, mayFollowComma: hasGroup) else {
                index = start
                break
            }
            if isFinished || !isScaleNext(below: lastPower) || group >= 1000 && !isDigits(at: start) {
                guard isFinished || !isDigits(at: start), !isJoined || group < 100 else {
                    (index, isFinished) = (start, false)
                    break
                }
                total = total + group
                hasGroup = true
                break
            }
            guard !isJoined, let power = take(.scale) else {
                index = start
                break
            }
            total = total + group * .powerOfTen(power)
            (lastPower, hasGroup, isScaled) = (power, true, true)
            if !group.isInteger || group >= 1000 { break }
        }
        return hasGroup ? total : nil
    }

    private func isDigits(at place: Int) -> Bool {
        guard place < tokens.count, case .digits = tokens[place].content else { return false }
        return true
    }

    private func isScaleNext(below power: Int) -> Bool {
        guard let word = word(), word.kind == .scale, word.value < power else { return false }
        return word.form == .cardinal || word.form == .ordinal && ordinals
    }

    /// A number below a thousand in words, or `nineteen hundred`, or digits before a scale.
    private mutating func group(isFirst: Bool, mayFollowComma: Bool) -> Rational? {
        if index < tokens.count, case .digits(let value) = tokens[index].content {
            guard isFirst || value.isInteger && value < 1000 && !tokens[index].followsComma else { return nil }
            index += 1
            if isFirst, isNext(.hundred) || isNext(.dozen) { return multipliedDigits(value) }
            return value
        }
        if mayFollowComma, index < tokens.count, tokens[index].followsComma {
            return groupAfterComma()
        }
        if isFirst, isScaleNext(below: .max) { return 1 }
        if isFirst, isNext(.hundred) { return hundreds(1) }
        guard let first = small() else { return nil }
        guard !isFinished, let next = word(), next.kind == .hundred else { return Rational(first) }
        let isShort = first < 10 || isFirst && first % 10 != 0
        guard isShort else { return Rational(first) }
        return hundreds(first)
    }

    /// `3 hundred`, `5 dozen`: nothing follows.
    private mutating func multipliedDigits(_ value: Rational) -> Rational? {
        guard let word = word() else { return nil }
        index += 1
        isFinished = true
        return value * Rational(word.value)
    }

    /// The comma of `one thousand, two hundred` is read as a space.
    private mutating func groupAfterComma() -> Rational? {
        var joined = NumberWords(
            tokens: tokens[index...].enumerated().map { offset, token in
                var token = token
                if offset == 0 { token.followsComma = false }
                return token
            }, ordinals: ordinals)
        guard let value = joined.group(isFirst: false, mayFollowComma: false) else { return nil }
        index += joined.index
        isFinished = joined.isFinished
        return value
    }

    /// `hundred` after its multiplier, and what follows it below a hundred.
    private mutating func hundreds(_ multiplier: Int) -> Rational? {
        guard take(.hundred) != nil else { return Rational(multiplier) }
        let value = multiplier * 100
        guard !isFinished else { return Rational(value) }
        let start = index
        if isNext(.and) { index += 1 }
        // `one hundred and one half` adds a fraction and not a one.
        if let last = small(), isFinished || !isDenominatorNext(after: last) || index - start < 2 {
            return Rational(value + last)
        }
        (index, isFinished) = (start, false)
        return Rational(value)
    }

    private func isDenominatorNext(after numerator: Int) -> Bool {
        guard let word = word() else { return false }
        return word.form == (numerator == 1 ? .ordinal : .plural)
    }

    /// A number from 1 to 99.
    private mutating func small() -> Int? {
        if let teen = take(.teen) { return teen }
        if let tens = take(.tens) {
            guard !isFinished else { return tens }
            return tens + (take(.unit) ?? 0)
        }
        return take(.unit)
    }
}
