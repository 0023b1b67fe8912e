import Primitives
import Testing

@testable import Rewards

@Suite struct NumberWordsTests {
    @Test(arguments: [
        ("zero", "0"), ("Seven", "7"), ("nineteen", "19"), ("twenty-one", "21"), ("twenty one", "21"), ("NINETY", "90"),
        ("one hundred", "100"), ("a hundred", "100"), ("two hundred and five", "205"), ("two hundred five", "205"),
        ("five hundred two thousand", "502000"), ("one thousand and one", "1001"), ("nineteen hundred", "1900"),
        ("twelve hundred and fifty", "1250"), ("a million", "1000000"),
        ("one million, two hundred thousand", "1200000"),
        ("two hundred thousand three hundred", "200300"), ("minus three", "-3"), ("negative forty-two", "-42"),
        ("a dozen", "12"), ("two dozen", "24"), ("half a dozen", "6"), ("three hundred and sixty-five.", "365"),
        ("one billion", "1000000000"), ("seven trillion and six", "7000000000006"), ("twenty\u{2011}one", "21"),
        ("one vigintillion", "1" + String(repeating: "0", count: 63)),
        ("two quattuordecillion", "2" + String(repeating: "0", count: 45)),
    ])
    func `cardinals`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        ("half", "1/2"), ("a half", "1/2"), ("one half", "1/2"), ("one-third", "1/3"), ("two thirds", "2/3"),
        ("four-fifths", "4/5"), ("three quarters", "3/4"), ("a quarter", "1/4"), ("one hundredth", "1/100"),
        ("five thousandths", "1/200"), ("three twenty-fifths", "3/25"), ("two and a half", "5/2"),
        ("one and three quarters", "7/4"), ("two and a half million", "2500000"), ("half a million", "500000"),
        ("zero point five", "1/2"), ("three point one four", "157/50"), ("minus two point five", "-5/2"),
        ("one hundred and one half", "201/2"), ("three and one third", "10/3"), ("two point five million", "2500000"),
    ])
    func `fractions`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        ("3 million", "3000000"), ("13,009 million", "13009000000"), ("1.5 billion", "1500000000"),
        ("-2 thousand", "-2000"),
        ("2½ million", "2500000"), ("5 hundred", "500"), ("5 dozen", "60"), ("3 million 200 thousand", "3200000"),
        ("3 and a half", "7/2"), ("1/2 million", "500000"), ("4 million five hundred thousand", "4500000"),
    ])
    func `digits with words of scale`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        "twenty eleven", "twenty twenty", "five six", "one two three", "hundred hundred", "five thousand six thousand",
        "one million billion thousand", "two hundred thousandths", "five or six", "five and six", "five hundred and",
        "and five", "a", "the", "minus", "minus minus three", "two third", "one thirds", "two seconds",
        "twenty hundred",
        "third", "twenty-third", "point", "three point", "zero five", "one, two", "three twenty", "ten percentage",
        "fourty", "a five", "two - three", "five apples", "thousand thousand", "one million and two hundred thousand",
        "3 4 million", "half half", "ninety ten", "5 thousand million billion", "two and three", "million-dollar",
    ])
    func `what the grammar does not know`(text: String) throws {
        #expect(try NumberProbe.canonical(text) == nil)
    }

    @Test(arguments: [
        ("first", "1"), ("second", "2"), ("twelfth", "12"), ("twenty-first", "21"), ("the ninetieth", "90"),
        ("one hundredth", "100"), ("two hundred and fifth", "205"), ("three thousandth", "3000"), ("1st", "1"),
        ("22nd", "22"), ("113th", "113"), ("42", "42"), ("two thirds", "2/3"), ("ten millionth", "10000000"),
        ("five", "5"),
    ])
    func `ranks where the policy reads them`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["ordinals": true]) == canonical)
    }

    @Test(arguments: ["21th", "11st", "1rd", "first second", "twentieth-first", "first hundred", "1.5th", "the"])
    func `ranks that are none`(text: String) throws {
        #expect(try NumberProbe.canonical(text, ["ordinals": true]) == nil)
    }

    /// Spells numbers by the rules of a style guide, independently of the scanner's grammar.
    private static func spelling(_ number: Int) -> String {
        let small = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        if number < 20 { return small[number] }
        if number < 100 { return tens[number / 10] + (number % 10 == 0 ? "" : "-" + small[number % 10]) }
        if number < 1000 {
            return small[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + spelling(number % 100))
        }
        for (value, name) in [(1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand")]
        where number >= value {
            let rest = number % value
            let joint = rest == 0 ? "" : rest < 100 ? " and " : " "
            return spelling(number / value) + " " + name + (rest == 0 ? "" : joint + spelling(rest))
        }
        return ""
    }

    @Test func `every number that is spelled is read back`() throws {
        var generator = NumberGenerator(seed: 11)
        let numbers = Array(0..<2000) + (0..<2000).map { _ in Int(generator.next() % 1_000_000_000_000) }
        let reader = try NumberProbe.reader()
        for number in numbers {
            var work = Work()
            let value = try reader.value(AnswerText(Self.spelling(number)), work: &work)
            #expect(value == Rational(number), "\(Self.spelling(number))")
        }
    }

    @Test func `a scan ends where the number ends`() throws {
        let text = Array("two hundred and five milligrams".utf8)
        var work = Work()
        let number = try #require(try NumberWords.scan(text, from: 0, policy: NumberPolicy(), work: &work))
        #expect(number.value == 205 && number.end == 20 && number.isWrittenInWords)
        #expect(try NumberWords.scan(text, from: 21, policy: NumberPolicy(), work: &work) == nil)
    }
}
