/// The words before which a Roman numeral, an Arabic one and a number word are the same number.
enum CountedClass {
    private static let words: WordSet = [
        "type", "subtype", "stage", "grade", "class", "phase", "factor", "group", "level", "category", "nerve", "cn",
        "bipolar", "mucopolysaccharidosis", "mps", "mucolipidosis", "glycogenosis", "neurofibromatosis", "angiotensin",
        "antithrombin",
    ]

    private static let numberWords: WordTable = [
        "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
        "nine": "9", "ten": "10",
    ]

    private static let movable: WordSet = ["type", "stage", "grade", "class"]

    /// Classes that may follow the name that they divide.
    static func isMovable(_ word: [UInt8]) -> Bool {
        movable.contains(word)
    }

    /// The number in Arabic digits, with the letter of a subclass where there is one: `iiia` is `3a`.
    static func arabic(_ word: [UInt8], after previous: [UInt8]) -> [UInt8]? {
        guard word.count <= 8, words.contains(previous) else { return nil }
        if let digits = numberWords[word] { return digits }
        if let value = RomanNumeral.value(word) { return Array(String(value).utf8) }
        guard let letter = word.last, (UInt8(ascii: "a")...UInt8(ascii: "h")).contains(letter),
            let value = RomanNumeral.value(word.dropLast())
        else { return nil }
        return Array(String(value).utf8) + [letter]
    }
}
