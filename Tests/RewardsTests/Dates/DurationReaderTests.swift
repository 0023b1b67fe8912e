import Testing

@testable import Rewards

@Suite struct DurationReaderTests {
    @Test(arguments: [
        ("P1Y", "12 months"), ("P1D", "PT24H"), ("P2W", "14 days"), ("PT1H30M", "90 min"), ("PT1.5H", "1 h 30 min"),
        ("-P2W", "-14 days"), ("P0002-03-04T05:06:07", "P2Y3M4DT5H6M7S"), ("P00020304T050607", "P2Y3M4DT5H6M7S"),
        ("PT36H", "36 hrs"), ("P14D", "two weeks"), ("P21D", "twenty-one days"), ("P18M", "a year and a half"),
        ("PT90M", "one and a half hours"), ("PT30M", "half an hour"), ("P3Y", "3-year"), ("PT0.5S", "500 ms"),
        ("P3Y2M", "3 years, 2 months"), ("P3Y2M", "3 years and 2 months"), ("PT1H30M", "1h30m"), ("PT0S", "0 days"),
        ("P14D", "a fortnight"), ("P10Y", "one decade"),
    ])
    func `reads equal durations`(left: String, right: String) {
        #expect(DurationReader().isRight(gold: left, prediction: right))
        #expect(DurationReader().isRight(gold: right, prediction: left))
    }

    @Test(arguments: [
        ("P1M", "P30D"), ("P1Y", "P365D"), ("PT1H", "PT1M"), ("12 days", "12 hours"), ("P1M", "PT1M"), ("P2W", "-P2W"),
        ("2 h", "2 min"),
    ])
    func `tells durations apart`(left: String, right: String) {
        #expect(!DurationReader().isRight(gold: left, prediction: right))
    }

    @Test(arguments: [
        "", "P", "PT", "P1", "P1S", "P1DT", "P1H", "P1Y1Y", "P1M1Y", "P1.5YT1H", "3", "days", "5 m", "3 days or 4",
        "1:30",
        "3 days 2 years", "1.5 h 3 min", "3 days and", "-", "1 2 days", "3 parsecs", "ten",
        "99999999999999999999 years",
    ])
    func `refuses what is no single duration`(written: String) {
        #expect(DurationReader().canonical(written) == nil)
    }

    @Test func `days of the calendar are no hours`() throws {
        let reader = try DurationReader(["days": "calendar"])
        #expect(!reader.isRight(gold: "P1D", prediction: "PT24H"))
        #expect(reader.isRight(gold: "P7D", prediction: "1 week"))
    }

    @Test(arguments: [
        ("hours_minutes", "1:30", "90 min"), ("minutes_seconds", "1:30", "90 s"),
        ("minutes_seconds", "1:30:00", "90 min"),
        ("hours_minutes", "5 days, 02:57", "122 h 57 min"), ("hours_minutes", "00:22:12.125", "22 min 12.125 s"),
    ])
    func `reads colons as the policy says`(colons: String, written: String, same: String) throws {
        #expect(try DurationReader(["colons": .string(colons)]).isRight(gold: same, prediction: written))
    }

    @Test func `any text ends in a value or a problem`() throws {
        var random = ClinicalRandom(state: 3)
        let reader = try DurationReader(["colons": "hours_minutes"])
        let pieces = [
            "P", "T", "1", "0", "5", "Y", "M", "D", "H", "S", "W", "-", ".", " ", "h", "min", "days", "and", "a",
            "half",
            "twenty", "one", ":", "30", "999999999999999", "µs",
        ]
        for _ in 0..<20_000 {
            var work = Work()
            _ = try? reader.read(random.text(of: pieces), side: .prediction, work: &work)
        }
    }
}
