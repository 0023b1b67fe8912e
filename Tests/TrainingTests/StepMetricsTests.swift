import Primitives
import Testing

@testable import Training

@Suite struct StepMetricsTests {
    private var row: StepMetrics {
        var row = StepMetrics(stage: .reinforcement, step: 3)
        row["reward/mean"] = 0.1
        row["tokens/sampled"] = 12
        row["loss"] = nil
        row["kl"] = .nan
        row["time/step"] = 0.5
        row["throughput/x"] = 1
        row["trainer/idle_ratio"] = 0.25
        return row
    }

    @Test func rowsAreWrittenInOrderWithNullForWhatHasNoValue() {
        #expect(
            row.json.text
                == #"{"stage":"rl","step":3,"reward/mean":0.1,"tokens/sampled":12,"loss":null,"kl":null,"#
                + #""time/step":0.5,"throughput/x":1,"trainer/idle_ratio":0.25}"#)
    }

    @Test func rowsReadBack() throws {
        #expect(try StepMetrics(json: JSONValue.parse(row.json.text)) == row)
    }

    @Test func timingsAreNotPartOfWhatIsReproducible() {
        #expect(row.reproduciblePart.names == ["reward/mean", "tokens/sampled", "loss", "kl"])
    }

    @Test(arguments: [#"{"stage":"x","step":1}"#, #"{"stage":"rl"}"#, #"{"stage":"rl","step":1,"loss":"low"}"#])
    func badRowsAreRefused(text: String) {
        #expect(throws: JSONError.self) { try StepMetrics(json: JSONValue.parse(text)) }
    }
}
