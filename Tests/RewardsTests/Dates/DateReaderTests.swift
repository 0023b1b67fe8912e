import Testing

@testable import Rewards

@Suite struct DateReaderTests {
    @Test(arguments: [
        ("2021-03-04", "2021-03-04"), ("20210304", "2021-03-04"), ("2021-063", "2021-03-04"),
        ("2021-W09-4", "2021-03-04"), ("2021W094", "2021-03-04"), ("+002021-03-04", "2021-03-04"),
        ("2021-W09", "2021-W09"), ("2021-03", "2021-03"), ("2021", "2021"), ("-0043-03-15", "-0043-03-15"),
        ("4 March 2021", "2021-03-04"), ("4th of March, 2021", "2021-03-04"), ("March 4, 2021", "2021-03-04"),
        ("Mar. 4th 2021", "2021-03-04"), ("Thu, 4 Mar 2021", "2021-03-04"), ("4-Mar-2021", "2021-03-04"),
        ("2021.March.4", "2021-03-04"), ("2021/03/04", "2021-03-04"), ("23.03.2021", "2021-03-23"),
        ("03/23/2021", "2021-03-23"), ("04 04 2021", "2021-04-04"), ("March 2021", "2021-03"), ("3/2021", "2021-03"),
        ("15 March 44 BC", "-0043-03-15"), ("AD 79", "0079"), ("4 March", "--03-04"), ("4–Mar–2021", "2021-03-04"),
    ])
    func `reads a date`(written: String, canonical: String) {
        #expect(DateReader().canonical(written) == canonical)
    }

    @Test(arguments: [
        ("2021-03-04T05:06", "2021-03-04T05:06:00"), ("20210304T0506", "2021-03-04T05:06:00"),
        ("2021-03-04 05:06:07,25", "2021-03-04T05:06:07.25"), ("2021-03-04T05.5", "2021-03-04T05:30:00"),
        ("2021-03-04T23:30:00-01:00", "2021-03-05T00:30:00Z"), ("2021-03-04T24:00", "2021-03-05T00:00:00"),
        ("Thu, 04 Mar 2021 05:06:07 +0530", "2021-03-03T23:36:07Z"),
        ("Thu Mar  4 05:06:07 2021", "2021-03-04T05:06:07"),
        ("12:30 am on March 4, 2021", "2021-03-04T00:30:00"), ("4 Mar 2021 at 5 p.m.", "2021-03-04T17:00:00"),
        ("20210304050607", "2021-03-04T05:06:07"), ("10:36 pm", "T22:36:00"),
        ("10:36 2021-03-04", "2021-03-04T10:36:00"),
        ("4 March 2021 - 10:36", "2021-03-04T10:36:00"),
        ("10:36 -0100 4 Mar 2021", "2021-03-04T11:36:00Z"), ("5h07m", "T05:07:00"),
        ("4 March 2021 5pm UTC+3", "2021-03-04T14:00:00Z"), ("March 4, 2021 12:00 EST", "2021-03-04T17:00:00Z"),
    ])
    func `reads a time`(written: String, canonical: String) {
        #expect(DateReader(hasTime: true).canonical(written) == canonical)
    }

    @Test(arguments: [
        "", " ", "-", ".", "March", "Thursday", "2021-02-29", "2021-13-01", "2021-00-10", "31 April 2021",
        "Friday, 4 March 2021", "4 or 5 March 2021", "2021-03-04 or 2021-03-05", "4-5 March 2021", "2021 2022",
        "3rd 4th March 2021", "21", "2021-03-04T25:00", "2021-03-04T05:60", "2021-W54",
        "2021-366", "13:00 pm", "4th", "2nd of 3rd 2021", "March 4, 2021 XYZ", "2021-03-04T05:06:07+99:00",
        "spring 2021",
        "２０２１-03-04", "11st March 2021",
    ])
    func `refuses what is no single date`(written: String) {
        #expect(DateReader(hasTime: true).canonical(written) == nil)
    }

    @Test(arguments: [
        ("day_month", "refuse_ambiguous", "03/04/2021"), ("two_digit_years", "refuse", "4 March '21"),
        ("two_digit_years", "refuse", "04.03.21"),
    ])
    func `refuses a date of two readings where the policy says so`(field: String, value: String, written: String) throws
    {
        #expect(try DateReader([field: .string(value)]).canonical(written) == nil)
        #expect(DateReader().canonical(written) != nil)
    }

    @Test(arguments: [
        ("month_first", "2021-03-04"), ("day_first", "2021-04-03"),
    ])
    func `reads an ambiguous date as the policy says`(order: String, canonical: String) throws {
        #expect(try DateReader(["day_month": .string(order)]).canonical("03/04/2021") == canonical)
    }

    @Test(arguments: [("4 Mar 21", "2021-03-04"), ("4 Mar 73", "2073-03-04"), ("4 Mar 74", "1974-03-04")])
    func `reads two-digit years within fifty years of the policy's year`(written: String, canonical: String) throws {
        #expect(try DateReader(["two_digit_years": "sliding"]).canonical(written) == canonical)
    }

    @Test func `precision is part of a date unless the policy forgives it`() throws {
        #expect(!DateReader().isRight(gold: "2021-03-04", prediction: "March 2021"))
        #expect(!DateReader().isRight(gold: "2021-03", prediction: "4 March 2021"))
        #expect(try DateReader(["less_precise": true]).isRight(gold: "2021-03-04", prediction: "March 2021"))
        #expect(try !DateReader(["less_precise": true]).isRight(gold: "2021-03", prediction: "4 March 2021"))
        #expect(try DateReader(["more_precise": true]).isRight(gold: "2021-03", prediction: "4 March 2021"))
        #expect(try !DateReader(["more_precise": true]).isRight(gold: "2021-03", prediction: "4 April 2021"))
        #expect(try !DateReader(["less_precise": true]).isRight(gold: "2021-03-04", prediction: "2020"))
    }

    @Test func `midnight is the day only where the type has no time`() {
        #expect(DateReader(hasTime: false).isRight(gold: "2021-03-04", prediction: "2021-03-04T00:00:00"))
        #expect(!DateReader(hasTime: false).isRight(gold: "2021-03-04", prediction: "2021-03-04T00:00:01"))
        #expect(!DateReader(hasTime: true).isRight(gold: "2021-03-04", prediction: "2021-03-04T00:00:00"))
    }

    @Test func `a local time differs from the same time in UTC unless zones are left out`() throws {
        #expect(!DateReader(hasTime: true).isRight(gold: "2021-03-04T05:00", prediction: "2021-03-04T05:00Z"))
        #expect(
            try DateReader(["time_zone": "ignore"]).isRight(
                gold: "2021-03-04T05:00", prediction: "2021-03-04T05:00+02:00"))
    }

    @Test func `cuts fractions only where the policy says so`() throws {
        let (gold, prediction) = ("2021-03-04T05:06:07.123", "2021-03-04T05:06:07.123456")
        #expect(!DateReader(hasTime: true).isRight(gold: gold, prediction: prediction))
        #expect(try DateReader(["fraction_digits": 3]).isRight(gold: gold, prediction: prediction))
    }

    @Test(arguments: [
        ("20", "2001-01-01"), ("2021", "2021-01-01"), ("202103", "2021-03-01"), ("2021-W09", "2021-03-01"),
        ("+0020", "2001-01-01"),
    ])
    func `takes the first day of a span in ISO 8601`(written: String, canonical: String) throws {
        let reader = try DateReader(["date_formats": "iso8601", "first_instant": true], hasTime: false)
        #expect(reader.canonical(written) == canonical)
        #expect(reader.canonical("4 March 2021") == nil)
    }

    @Test func `canonical dates read as themselves`() {
        var random = ClinicalRandom(state: 1)
        let reader = DateReader(hasTime: true)
        for _ in 0..<2000 {
            let number = Int.random(in: -1_500_000...1_500_000, using: &random)
            let date = CivilCalendar.date(dayNumber: number)
            #expect(CivilCalendar.dayNumber(date.year, date.month, date.day) == number)
            var value = DateValue(day: .day(date.year, date.month, date.day), time: nil)
            if Bool.random(using: &random) {
                value.time = DateValue.Time(
                    hour: Int.random(in: 0..<24, using: &random), fraction: 250_000_000_000_000_000)
            }
            #expect(reader.canonical(value.text) == value.text)
        }
    }

    @Test func `any text ends in a value or a problem`() throws {
        var random = ClinicalRandom(state: 2)
        let reader = try DateReader(["day_month": "month_first", "two_digit_years": "sliding"])
        let pieces = [
            "2021", "-", "03", "/", "4", " ", "Mar", "th", "T", ":", "05", ".", "am", "pm", "BC", "W", "'", "+", "Z",
            "UTC",
            "h", "m", ",", "Thu", "999999999999", "0",
        ]
        for _ in 0..<20_000 {
            var work = Work()
            let text = random.text(of: pieces)
            guard let value = try? reader.read(text, side: .prediction, work: &work) else { continue }
            #expect(reader.canonical(value.text) == value.text, "\(text.string)")
        }
    }
}

@Suite struct CivilCalendarTests {
    @Test(arguments: [
        (1970, 1, 1, 0, 4), (2000, 2, 29, 11016, 2), (1969, 12, 31, -1, 3), (1900, 3, 1, -25508, 4),
        (0, 3, 1, -719468, 3),
    ])
    func `numbers days and weekdays`(year: Int, month: Int, day: Int, number: Int, weekday: Int) {
        #expect(CivilCalendar.dayNumber(year, month, day) == number)
        #expect(CivilCalendar.weekday(dayNumber: number) == weekday)
    }

    @Test(arguments: [(2020, 53), (2021, 52), (2015, 53), (2026, 53), (2000, 52)])
    func `counts the weeks of a year`(year: Int, weeks: Int) {
        #expect(CivilCalendar.weeks(inWeekYear: year) == weeks)
    }
}
