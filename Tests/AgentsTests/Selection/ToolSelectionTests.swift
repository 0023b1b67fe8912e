import Primitives
import Testing

@testable import Agents

@Suite struct ToolSelectionTests {
    static let tools = [
        SelectableTool(name: "web_search", purpose: "Searches the web.", group: .general, costPerCall: 0.005),
        SelectableTool(
            name: "pubmed", purpose: "Searches abstracts of biomedical articles.", group: .medical,
            keywords: ["study", "evidence"]),
        SelectableTool(
            name: "clinical_trials", purpose: "Searches registered clinical trials by condition and drug.",
            group: .medical),
        SelectableTool(name: "drug_label", purpose: "Reads the label of a drug: doses, warnings.", group: .medical),
    ]

    static func state(
        _ question: String = "Which trial tested xanomab?", calls: [SelectionCall] = [],
        budgets: ToolSelectionState.Budgets = .init(), statistics: ToolStatistics = ToolStatistics(),
        tools: [SelectableTool] = tools
    ) -> ToolSelectionState {
        ToolSelectionState(
            question: question, turn: 1, tools: tools, calls: calls, budgets: budgets, statistics: statistics)
    }

    static func call(_ tool: String, _ outcome: SelectionCall.Outcome, query: String = "", credit: Double? = nil)
        -> SelectionCall
    {
        SelectionCall(turn: 0, tool: tool, query: query, outcome: outcome, cost: 0.01, seconds: 0.5, credit: credit)
    }

    // MARK: Every policy

    @Test(arguments: ToolSelectionMethod.allCases) func everyToolIsJudgedOnceAndInOrder(method: ToolSelectionMethod) {
        let state = Self.state(calls: [Self.call("pubmed", .foundNothing), Self.call("nobody", .failed(.invalidCall))])
        let selection = method.policy().selection(for: state)
        #expect(selection.choices.map(\.tool) == Self.tools.map(\.name))
        #expect(selection.choices.allSatisfy { $0.score.isFinite && !$0.reason.isEmpty })
        #expect(!selection.offered.isEmpty && selection == method.policy().selection(for: state))
    }

    @Test(arguments: ToolSelectionMethod.allCases) func withoutToolsNothingIsOffered(method: ToolSelectionMethod) {
        let selection = method.policy().selection(for: Self.state(tools: []))
        #expect(selection.choices.isEmpty && selection.best == nil)
        #expect(selection.refusal(of: "pubmed").message.contains("no tool is"))
    }

    @Test func refusalsNameWhatIsOffered() {
        let selection = MedicalFirstPolicy().selection(for: Self.state())
        let failure = selection.refusal(of: "web_search")
        #expect(failure.kind == .invalidCall)
        #expect(
            failure.message
                == "the tool \"web_search\" is not offered in this turn; offered tools: pubmed, clinical_trials, drug_label"
        )
    }

    // MARK: Medical first

    @Test func generalToolsWaitUntilMedicalOnesFoundNothing() {
        let policy = MedicalFirstPolicy(patience: 2)
        func offers(_ outcomes: [(String, SelectionCall.Outcome)]) -> Bool {
            policy.selection(for: Self.state(calls: outcomes.map { Self.call($0.0, $0.1) })).offers("web_search")
        }
        #expect(!offers([]))
        #expect(!offers([("pubmed", .foundNothing)]))
        #expect(offers([("pubmed", .foundNothing), ("drug_label", .failed(.timeout))]))
        #expect(!offers([("pubmed", .foundNothing), ("drug_label", .foundNothing), ("pubmed", .found)]))
        #expect(offers([("pubmed", .foundNothing), ("web_search", .found), ("pubmed", .foundNothing)]))
        let general = Self.state(tools: [Self.tools[0]])
        #expect(policy.selection(for: general).offered == ["web_search"])
    }

    // MARK: Relevance

    @Test(arguments: [
        ("Which trial tested xanomab?", "clinical_trials"), ("What does the label warn of?", "drug_label"),
        ("Is there evidence from studies?", "pubmed"),
    ]) func theToolWithTheWordsOfTheQuestionLeads(question: String, tool: String) {
        let selection = RelevancePolicy(limit: 1).selection(for: Self.state(question))
        #expect(selection.offered == [tool] && selection.best == tool)
    }

    @Test func queriesCountAndVainCallsHalve() throws {
        let policy = RelevancePolicy(limit: 2)
        let before = policy.selection(for: Self.state("xanomab"))
        #expect(before.choices.allSatisfy { $0.score == 0 })
        let after = policy.selection(
            for: Self.state("xanomab", calls: [Self.call("pubmed", .found, query: "drug doses")]))
        #expect(after.best == "drug_label")
        let vain = policy.selection(
            for: Self.state("xanomab", calls: [Self.call("drug_label", .foundNothing, query: "drug doses")]))
        let scores = [after, vain].map { $0.choices[3].score }
        #expect(scores[1] == scores[0] / 2)
    }

    /// BM25 with k₁ = 1.2 and b = 0.75, by hand: two tools of one and three words, the query word in the second only.
    @Test func theScoreIsBM25() {
        let tools = [
            SelectableTool(name: "alpha", purpose: "", group: .medical),
            SelectableTool(name: "beta", purpose: "gamma delta", group: .medical),
        ]
        let selection = RelevancePolicy().selection(for: Self.state("gamma", tools: tools))
        // idf = ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) = ln 2; length 3 of 2 on average: 0.25 + 0.75 · 1.5 = 1.375.
        let expected = 0.693147180559945 * 2.2 / (1 + 1.2 * 1.375)
        #expect(abs(selection.choices[1].score - expected) < 1e-12 && selection.choices[0].score == 0)
    }

    // MARK: Upper confidence

    /// UCB1 by hand: means and bonuses of two tools after 4 and 1 calls.
    @Test func theScoreIsAnUpperConfidenceBound() {
        let calls =
            [1.0, 1, 0, 1].map { Self.call("pubmed", .found, credit: $0) } + [Self.call("drug_label", .foundNothing)]
        let policy = UpperConfidencePolicy(limit: 4, exploration: 1, costWeight: 10, secondsWeight: 0.1)
        let selection = policy.selection(for: Self.state(calls: calls))
        // ln 6 = 1.791759469228055. A call cost 0.01 dollars and 0.5 seconds: 0.1 + 0.05.
        let expected = [
            0.5 + 1.791759469228055.squareRoot() - 0.05, 3.5 / 5 + (1.791759469228055 / 5).squareRoot() - 0.15,
            0.5 + 1.791759469228055.squareRoot(), 0.25 + (1.791759469228055 / 2).squareRoot() - 0.15,
        ]
        for (choice, score) in zip(selection.choices, expected) { #expect(abs(choice.score - score) < 1e-12) }
    }

    @Test func statisticsOfEarlierEpisodesCountLikeCalls() {
        let calls = [
            Self.call("pubmed", .found), Self.call("drug_label", .failed(.timeout)), Self.call("pubmed", .found),
        ]
        let policy = UpperConfidencePolicy()
        let before = policy.selection(
            for: Self.state(calls: Array(calls[1...]), statistics: ToolStatistics([calls[0]])))
        #expect(before == policy.selection(for: Self.state(calls: calls)))
    }

    @Test func whatTheBudgetCannotPayIsNotOffered() {
        let policy = UpperConfidencePolicy(limit: 4)
        let selection = policy.selection(for: Self.state(budgets: .init(cost: 0.001)))
        #expect(selection.offered == ["pubmed", "clinical_trials", "drug_label"])
    }

    // MARK: Health

    @Test func sickToolsAreNotOffered() {
        var tools = Self.tools
        tools[1].isSuspended = true
        let outages = [SelectionCall](repeating: Self.call("drug_label", .failed(.unavailable)), count: 3)
        let selection = HealthAwarePolicy(AllToolsPolicy()).selection(for: Self.state(calls: outages, tools: tools))
        #expect(selection.offered == ["web_search", "clinical_trials"])
        // A bad call is not the tool's fault, and one that works ends the row of outages.
        for last in [SelectionCall.Outcome.failed(.notFound), .found] {
            let calls = outages + [Self.call("drug_label", last)]
            #expect(HealthAwarePolicy(AllToolsPolicy()).selection(for: Self.state(calls: calls)).offers("drug_label"))
        }
    }

    @Test func theBasePolicyDoesNotWaitForSickTools() {
        var tools = Self.tools
        for place in 1...3 { tools[place].isSuspended = true }
        let policy = ToolSelectionMethod.medicalFirst.policy()
        #expect(policy.selection(for: Self.state(tools: tools)).offered == ["web_search"])
    }
}
