/// Reads durations in English words and abbreviations, `3 years 2 months`, `1 h 30 min`, `two weeks`, and clock
/// notation where the policy says what its first number is.
///
/// Units go from large to small, each at most once, and only the last number may have a fraction.
struct WrittenDurationScanner {
    private var cursor: DateCursor
    private let policy: DurationPolicy
    private var value = DurationValue()
    private var last: DurationUnit?
    private var isOpen = true

    private init(_ bytes: [UInt8], policy: DurationPolicy) {
        cursor = DateCursor(bytes)
        self.policy = policy
    }

    static func read(_ bytes: [UInt8], policy: DurationPolicy) throws(AnswerProblem) -> DurationValue {
        var scanner = WrittenDurationScanner(bytes, policy: policy)
        try scanner.read()
        return scanner.value
    }

    private mutating func read() throws(AnswerProblem) {
        let isNegative = cursor.skip("-")
        if isNegative { skipSpaces() }
        guard !cursor.isAtEnd else { throw expected("a number and a unit of time") }
        var parts = 0
        while !cursor.isAtEnd {
            if parts > 0 { skipJoint() }
            guard !cursor.isAtEnd, isOpen else { throw expected("a unit of time after the last number's") }
            if try readClock() { break }
            try readPart()
            readTrailingHalf()
            parts += 1
        }
        if isNegative { value.negate() }
    }

    private func expected(_ what: String) -> AnswerProblem {
        let rest = String(decoding: cursor.bytes[min(cursor.position, cursor.bytes.count)...].prefix(16), as: UTF8.self)
        return .malformed("expected \(what), found \(rest.isEmpty ? "the end" : "`\(rest)`")", offset: cursor.position)
    }

    private mutating func skipSpaces() {
        while cursor.peek() == 0x20 { cursor.position += 1 }
    }

    /// Spaces, a comma, `and` or `&` between two parts.
    private mutating func skipJoint() {
        skipSpaces()
        if cursor.skip(",") { skipSpaces() }
        if cursor.skip("&") {
            skipSpaces()
        } else if word(at: cursor.position) == Self.and {
            cursor.position += 3
            skipSpaces()
        }
    }

    private static let and = DurationWord.key("and")
    private static let half = DurationWord.key("half")

    /// The letters at a place as one number; 0 for none and for more than 16.
    private func word(at position: Int) -> UInt128 {
        var key: UInt128 = 0
        var index = position
        while index < cursor.bytes.count, DateCursor.isLetter(cursor.bytes[index]) {
            guard index - position < 16 else { return 0 }
            key = key << 8 | UInt128(cursor.bytes[index] | 0x20)
            index += 1
        }
        return key
    }

    private mutating func skipWord() {
        while DateCursor.isLetter(cursor.peek()) { cursor.position += 1 }
    }

    private mutating func skip(word: UInt128) -> Bool {
        guard self.word(at: cursor.position) == word else { return false }
        skipWord()
        skipSpaces()
        return true
    }

    /// A number and its unit.
    private mutating func readPart() throws(AnswerProblem) {
        var amount: (value: Rational, isWhole: Bool)
        if DateCursor.isDigit(cursor.peek()) {
            guard let number = cursor.amount(allowsComma: false) else {
                throw expected("a number of at most 15 digits")
            }
            amount = number
            if amount.isWhole { try readFraction(&amount) }
        } else if let part = cursor.vulgarFraction() {
            amount = (part, false)
        } else if skipHalf() {
            amount = (Self.oneHalf, false)
            if self.word(at: cursor.position) == DurationWord.key("a")
                || self.word(at: cursor.position) == DurationWord.key("an")
            {
                skipWord()
            }
        } else {
            amount = (Rational(try readNumberWords()), true)
        }
        if cursor.peek() == UInt8(ascii: "-"), DateCursor.isLetter(cursor.peek(1)) { cursor.position += 1 }
        skipSpaces()
        if amount.isWhole { readHalf(&amount) }
        try readUnit(amount)
    }

    private static let oneHalf = Rational(1, 2) ?? .zero

    /// `half`, `a half`.
    private mutating func skipHalf() -> Bool {
        let start = cursor.position
        if word(at: start) == DurationWord.key("a") {
            skipWord()
            skipSpaces()
        }
        if word(at: cursor.position) == Self.half {
            skipWord()
            skipSpaces()
            return true
        }
        cursor.position = start
        return false
    }

    /// `/2`, ` 1/2` or `½` behind whole digits.
    private mutating func readFraction(_ amount: inout (value: Rational, isWhole: Bool)) throws(AnswerProblem) {
        let start = cursor.position
        if let part = cursor.vulgarFraction() {
            amount = (amount.value + part, false)
        } else if cursor.skip("/") {
            guard let denominator = cursor.digits(cursor.digitRun), let value = amount.value / Rational(denominator)
            else { throw expected("a denominator") }
            amount = (value, false)
        } else {
            skipSpaces()
            guard cursor.position > start, let numerator = cursor.digits(cursor.digitRun), cursor.skip("/"),
                let denominator = cursor.digits(cursor.digitRun), let part = Rational(numerator, denominator), part < 1
            else {
                cursor.position = start
                return
            }
            amount = (amount.value + part, false)
        }
    }

    /// `and a half` between a number and its unit.
    private mutating func readHalf(_ amount: inout (value: Rational, isWhole: Bool)) {
        let start = cursor.position
        if skip(word: Self.and), skip(word: DurationWord.key("a")), skip(word: Self.half) {
            amount = (amount.value + Self.oneHalf, false)
        } else {
            cursor.position = start
        }
    }

    /// `and a half` behind a unit: `a year and a half`.
    private mutating func readTrailingHalf() {
        guard let last, isOpen else { return }
        let start = cursor.position
        skipSpaces()
        if skip(word: Self.and), skip(word: DurationWord.key("a")), skip(word: Self.half), cursor.isAtEnd {
            last.add(Self.oneHalf, to: &value)
            isOpen = false
        } else {
            cursor.position = start
        }
    }

    /// Number words to ninety-nine; `a` and `an` for one.
    private mutating func readNumberWords() throws(AnswerProblem) -> Int {
        guard let first = DurationWord.number(word(at: cursor.position)) else {
            throw expected("a number and a unit of time")
        }
        skipWord()
        let start = cursor.position
        guard first >= 20 else { return first }
        if !cursor.skip("-") { skipSpaces() }
        if let second = DurationWord.number(word(at: cursor.position)), (1...9).contains(second),
            word(at: cursor.position) > 0xFFFF
        {
            skipWord()
            return first + second
        }
        cursor.position = start
        return first
    }

    private mutating func readUnit(_ amount: (value: Rational, isWhole: Bool)) throws(AnswerProblem) {
        let unit: DurationUnit
        let key = word(at: cursor.position)
        if key == DurationWord.key("m") {
            // A lone m is a minute or a month; beside hours or seconds it is a minute.
            guard last == .hour else { throw expected("a unit of time that is not ambiguous") }
            unit = .minute
        } else if let found = DurationWord.unit(key) {
            unit = found
        } else if cursor.bytes[cursor.position...].starts(with: "µs".utf8)
            || cursor.bytes[cursor.position...].starts(with: "μs".utf8)
        {
            unit = .microsecond
            cursor.position += 2
        } else {
            throw expected("a unit of time")
        }
        guard last.map({ $0 < unit }) ?? true else { throw expected("a smaller unit than the one before") }
        skipWord()
        if cursor.peek() == UInt8(ascii: "."), DurationWord.isAbbreviation(key) { cursor.position += 1 }
        (last, isOpen) = (unit, amount.isWhole)
        unit.add(amount.value, to: &value)
    }

    /// `1:30` or `1:30:00.5`, alone or after days. The second number onwards has two digits.
    private mutating func readClock() throws(AnswerProblem) -> Bool {
        let run = cursor.digitRun
        guard run > 0, cursor.peek(run) == UInt8(ascii: ":") else { return false }
        guard policy.colons != .refuse else { throw expected("a number and a unit of time; the policy refuses colons") }
        guard last.map({ $0 <= .day }) ?? true, run <= 12, let first = cursor.digits(run) else {
            throw expected("hours after days")
        }
        cursor.position += 1
        guard cursor.digitRun == 2, let second = cursor.amount(allowsComma: false), second.value < 60 else {
            throw expected("two digits below 60")
        }
        if cursor.peek() == UInt8(ascii: ":") {
            cursor.position += 1
            guard second.isWhole, cursor.digitRun == 2, let third = cursor.amount(allowsComma: false), third.value < 60
            else { throw expected("two digits below 60") }
            value.seconds = Rational(first) * 3600 + second.value * 60 + third.value
        } else if policy.colons == .minutesSeconds {
            value.seconds = Rational(first) * 60 + second.value
        } else {
            guard second.isWhole else { throw expected("whole minutes") }
            value.seconds = Rational(first) * 3600 + second.value * 60
        }
        guard cursor.isAtEnd else { throw expected("the end") }
        return true
    }
}
