/// The words of English numbers.
enum NumberVocabulary {
    enum Kind: Sendable {
        case zero, unit, teen, tens, hundred, dozen
        /// `value` is the power of ten.
        case scale
        case half, quarter
        case and, article, the, point, minus, plus
    }

    enum Form: Sendable {
        case cardinal
        /// `fifth`, `half`: a rank, or the denominator of one part.
        case ordinal
        /// `fifths`, `halves`: a denominator.
        case plural
    }

    struct Word: Sendable {
        var kind: Kind
        var value = 0
        var form = Form.cardinal
    }

    /// No word is longer, in bytes; `quattuordecillionths` is the longest.
    static let longest = 20

    /// The word with this spelling in lower case.
    static func word(_ spelling: String) -> Word? { words[spelling] }

    private static let words: [String: Word] = {
        var words: [String: Word] = [
            "zero": Word(kind: .zero), "nought": Word(kind: .zero), "naught": Word(kind: .zero),
            "and": Word(kind: .and), "a": Word(kind: .article), "an": Word(kind: .article), "the": Word(kind: .the),
            "point": Word(kind: .point), "minus": Word(kind: .minus), "negative": Word(kind: .minus),
            "plus": Word(kind: .plus), "dozen": Word(kind: .dozen, value: 12),
            "half": Word(kind: .half, value: 2, form: .ordinal), "halves": Word(kind: .half, value: 2, form: .plural),
            "quarter": Word(kind: .quarter, value: 4, form: .ordinal),
            "quarters": Word(kind: .quarter, value: 4, form: .plural),
        ]
        func add(_ cardinal: String, _ ordinal: String, _ kind: Kind, _ value: Int) {
            words[cardinal] = Word(kind: kind, value: value)
            words[ordinal] = Word(kind: kind, value: value, form: .ordinal)
            // Two seconds are a time and not a fraction, two firsts are nothing.
            if kind != .unit || value > 2 {
                words[ordinal + "s"] = Word(kind: kind, value: value, form: .plural)
            }
        }
        let units = [
            ("one", "first"), ("two", "second"), ("three", "third"), ("four", "fourth"), ("five", "fifth"),
            ("six", "sixth"), ("seven", "seventh"), ("eight", "eighth"), ("nine", "ninth"),
        ]
        for (index, (cardinal, ordinal)) in units.enumerated() { add(cardinal, ordinal, .unit, index + 1) }
        let teens = [
            ("ten", "tenth"), ("eleven", "eleventh"), ("twelve", "twelfth"), ("thirteen", "thirteenth"),
            ("fourteen", "fourteenth"), ("fifteen", "fifteenth"), ("sixteen", "sixteenth"),
            ("seventeen", "seventeenth"), ("eighteen", "eighteenth"), ("nineteen", "nineteenth"),
        ]
        for (index, (cardinal, ordinal)) in teens.enumerated() { add(cardinal, ordinal, .teen, index + 10) }
        let tens = ["twen", "thir", "for", "fif", "six", "seven", "eigh", "nine"]
        for (index, stem) in tens.enumerated() { add(stem + "ty", stem + "tieth", .tens, 10 * (index + 2)) }
        add("hundred", "hundredth", .hundred, 100)
        add("thousand", "thousandth", .scale, 3)
        for (index, stem) in scaleStems.enumerated() {
            for spelling in stem { add(spelling + "illion", spelling + "illionth", .scale, 6 + 3 * index) }
        }
        return words
    }()

    /// What stands before `illion` for 10⁶, 10⁹ … 10⁶³ (short scale).
    private static let scaleStems = [
        ["m"], ["b"], ["tr"], ["quadr"], ["quint"], ["sext"], ["sept"], ["oct"], ["non"], ["dec"], ["undec"],
        ["duodec"], ["tredec"], ["quattuordec"], ["quindec", "quinquadec"], ["sexdec", "sedec"], ["septendec"],
        ["octodec"], ["novemdec", "novendec"], ["vigint"],
    ]
}
