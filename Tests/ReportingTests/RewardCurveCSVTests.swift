import Foundation
import Primitives
import Storage
import Testing
import Training

@testable import Reporting

@Suite struct RewardCurveCSVTests {
    @Test func headerIsFixed() {
        #expect(
            RewardCurveCSV.header
                == "stage,step,reward_mean,reward_std,reward_min,reward_max,reward_task,reward_format,"
                + "reward_efficiency,accuracy,heldout_accuracy,format_valid_fraction,zero_variance_fraction,turns,"
                + "tool_calls,response_length,kl_v1,kl_v2,entropy,loss,grad_norm,learning_rate,staleness_mean,"
                + "staleness_max,tokens\n")
    }

    @Test func rowsShowWhatTheyHaveAndNothingElse() {
        let lines = RewardCurveCSV.text(SampleRun.rows).split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines[1] == "sft,0,,,,,,,,,0.02,,,,,,,,,,,,,,")
        #expect(lines[2] == "sft,1,,,,,,,,,,,,,,,,,,3,,0.001,,,12000")
        #expect(lines[6] == "rl,1,0.6,0.25,-0.1,1.3,,,,0.333333,,,,,,,,,,,,,,,6400")
        #expect(lines.allSatisfy { $0.count { $0 == "," } == 24 })
    }

    @Test func timingsDoNotShow() {
        var other = SampleRun.rows
        for index in other.indices { other[index]["time/step"] = 99 }
        #expect(RewardCurveCSV.text(other) == RewardCurveCSV.text(SampleRun.rows))
    }

    static let numbers: [(Double, String)] = [
        (1 / 3.0, "0.333333"), (1e-7, "1e-07"), (123_456_789, "1.23457e+08"), (-0.5, "-0.5"), (12_000, "12000"),
        (0, "0"),
    ]

    @Test(arguments: numbers)
    func numbersHaveSixDigits(value: Double, expected: String) {
        #expect(NumberText.significant(value) == expected)
    }

    @Test func fieldsAreQuotedWhereNeeded() {
        #expect(
            RewardCurveCSV.line(of: ["a", "b,c", "say \"x\"", "two\nlines", ""])
                == "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",\n")
    }
}

@Suite struct MetricsFileTests {
    @Test func readsRowsAndNamesABadOne() throws {
        let path = NSTemporaryDirectory() + "metrics-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileStore.writeAtomically(JSONLines.encode(SampleRun.rows.map(\.json)), to: path)
        #expect(try MetricsFile.read(path) == SampleRun.rows)
        try FileStore.writeAtomically(JSONLines.encode([SampleRun.rows[0].json, ["stage": "sft"]]), to: path)
        #expect { try MetricsFile.read(path) } throws: { "\($0)".contains("row 2") && "\($0)".contains("`step`") }
        #expect { try MetricsFile.read(path + "x") } throws: { "\($0)".contains("No such file") }
    }
}
