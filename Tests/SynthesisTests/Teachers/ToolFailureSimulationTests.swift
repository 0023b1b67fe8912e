import Agents
import Testing

@testable import Synthesis

struct ToolFailureSimulationTests {
    private static let result = ToolResult(content: "GQB causes vorosis B. It is well known.")

    private static func failure(_ simulation: ToolFailureSimulation, question: Int, call: Int) -> ToolResult? {
        simulation.failure(
            of: "search", result: result, key: TrajectoryKey(seed: 7, question: question, rollout: 0), call: call)
    }

    @Test(arguments: [0, 0.05, 0.3, 1]) func failsAsOftenAsAskedFor(rate: Double) {
        let simulation = ToolFailureSimulation(rate: rate)
        let count = (0..<4000).count { Self.failure(simulation, question: $0 / 4, call: $0 % 4) != nil }
        // Five standard deviations of a binomial count.
        let tolerance = 5 * (rate * (1 - rate) * 4000).squareRoot()
        #expect(abs(Double(count) - 4000 * rate) <= tolerance)
    }

    @Test func isAFunctionOfTheKey() {
        let simulation = ToolFailureSimulation(rate: 0.5)
        let forwards = (0..<50).map { Self.failure(simulation, question: 3, call: $0) }
        let backwards = (0..<50).reversed().map { Self.failure(simulation, question: 3, call: $0) }
        #expect(forwards == backwards.reversed())
        #expect(forwards != (0..<50).map { Self.failure(simulation, question: 4, call: $0) })
    }

    @Test(arguments: ToolFailureSimulation.Kind.allCases) func everyKindLooksLikeAFailure(
        kind: ToolFailureSimulation.Kind
    ) throws {
        let failure = try #require(
            Self.failure(ToolFailureSimulation(rate: 1, kinds: [kind]), question: 0, call: 0))
        #expect(failure.isError)
        #expect(ObservationFailure.isFailure(failure.content))
        #expect(!failure.content.contains("well known"))
        #expect(!ObservationFailure.isFailure(Self.result.content))
    }
}
