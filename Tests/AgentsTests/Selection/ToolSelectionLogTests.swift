import Primitives
import Testing

@testable import Agents

@Suite struct ToolSelectionLogTests {
    private static func record(
        _ number: Int, question: String = "q", turn: Int = 0, calls: [SelectionCall] = [], reward: Double? = nil,
        policy: any ToolSelectionPolicy = MedicalFirstPolicy()
    ) -> ToolSelectionRecord {
        var random = CounterRandom(seed: 3, stage: .worlds, step: number)
        func drawnCalls() -> [SelectionCall] {
            let outcomes: [SelectionCall.Outcome] =
                [.found, .foundNothing] + ToolFailure.Kind.allCases.map { .failed($0) }
            return (0..<random.integer(below: 5)).map { turn in
                SelectionCall(
                    turn: turn, tool: ["pubmed", "web_search", "nobody"][random.integer(below: 3)], query: "fever \"\n",
                    outcome: random.pick(outcomes), cost: random.uniform(), seconds: random.uniform(),
                    credit: random.integer(below: 2) == 0 ? nil : random.uniform())
            }
        }
        let state = ToolSelectionState(
            question: question, turn: turn, tools: ToolSelectionTests.tools, calls: number == 0 ? [] : drawnCalls(),
            budgets: .init(
                turns: random.integer(below: 2) == 0 ? nil : 3, calls: 4,
                tokens: random.integer(below: 2) == 0 ? nil : 9,
                cost: random.uniform(), seconds: nil),
            statistics: ToolStatistics(number == 0 ? [] : drawnCalls()))
        return ToolSelectionRecord(
            state: state, selection: policy.selection(for: state), calls: number == 0 ? calls : drawnCalls(),
            reward: reward ?? (number % 2 == 1 ? random.uniform() : nil))
    }

    @Test(arguments: 0..<30) func recordsReadBackEqual(number: Int) throws {
        let record = Self.record(number)
        #expect(try ToolSelectionRecord(json: JSONValue.parse(record.json.text)) == record)
        // What is read back selects the same.
        let replayed = try ToolSelectionState(json: JSONValue.parse(record.state.json.text))
        #expect(MedicalFirstPolicy().selection(for: replayed) == record.selection)
    }

    @Test func brokenRecordsAreRefusedWithTheirPlace() throws {
        let text = Self.record(0, calls: [ToolSelectionTests.call("pubmed", .found)]).json.text
        for (found, replacement, path) in [
            ("\"outcome\":\"found\"", "\"outcome\":\"fine\"", "calls[0].outcome"),
            ("\"group\":\"general\"", "\"group\":\"none\"", "state.tools[0].group"),
            ("\"turn\":0,\"tools\"", "\"tools\"", "state.turn"),
            ("\"offered\":false", "\"offered\":1", "selection.choices[0].offered"),
        ] {
            let broken = text.replacing(found, with: replacement, maxReplacements: 1)
            let error = #expect(throws: JSONError.self) { try ToolSelectionRecord(json: JSONValue.parse(broken)) }
            #expect(error.map { "\($0)".contains("`\(path)`") } == true)
        }
    }

    @Test func statisticsAreTheSumsOverTheCalls() {
        let calls = [
            SelectionCall(turn: 0, tool: "b", outcome: .found, cost: 1, seconds: 2),
            SelectionCall(turn: 0, tool: "a", outcome: .failed(.timeout), cost: 3, seconds: 4),
            SelectionCall(turn: 1, tool: "b", outcome: .failed(.invalidCall), cost: 5, seconds: 6, credit: 0.25),
        ]
        let statistics = ToolStatistics(calls)
        #expect(statistics.entries.map(\.tool) == ["a", "b"] && statistics.callCount == 3)
        #expect(statistics["b"] == .init(tool: "b", calls: 2, outages: 0, usefulness: 1.25, cost: 6, seconds: 8))
        #expect(statistics["a"] == .init(tool: "a", calls: 1, outages: 1, usefulness: 0, cost: 3, seconds: 4))
        #expect(statistics["c"] == .init(tool: "c"))
        #expect(ToolStatistics([calls[0]]).adding(Array(calls[1...])) == statistics)
    }

    // MARK: Metrics

    @Test func callsAreComparedWithWhatWasOffered() {
        let calls = ["pubmed", "drug_label", "web_search", "nobody"].map { ToolSelectionTests.call($0, .found) }
        let metrics = ToolSelectionMetrics([Self.record(0, calls: calls), Self.record(0)])
        #expect(metrics.decisions == 2 && metrics.calls == 4)
        // Pubmed is the first of three medical tools with equal scores.
        #expect(metrics.agreement == 0.25 && metrics.coverage == 0.5 && metrics.breadth == 0.75)
        #expect(metrics.callsOfNoTool == 1 && metrics.callsNotOffered == 1)
        #expect(metrics.refused == [.init(tool: "web_search", calls: 1)])
        let all = ToolSelectionMetrics([Self.record(0, calls: calls)], replayedBy: AllToolsPolicy())
        #expect(all.callsNotOffered == 0 && all.coverage == 0.75 && all.breadth == 1)
    }

    @Test func regretIsTheShortfallFromTheBestRewardOfTheSameQuestionAndTurn() {
        let metrics = ToolSelectionMetrics([
            Self.record(0, reward: 1), Self.record(0, reward: 0.5), Self.record(0, reward: 0),
            Self.record(0, turn: 1, reward: 0.25), Self.record(0, question: "other", reward: 0), Self.record(0),
        ])
        #expect(metrics.rewarded == 5 && metrics.regret == 1.5 / 5)
    }

    @Test func anEmptyLogHasNoShares() {
        let metrics = ToolSelectionMetrics([])
        #expect(metrics.agreement == nil && metrics.coverage == nil && metrics.breadth == nil && metrics.regret == nil)
    }
}
