import Primitives
import Synchronization
import Testing
import Transport

@testable import Backends

/// A whole fleet of stand-ins while replicas die, stall, lie and come back.
@Suite struct FleetFaultTests {
    private static let weights = FleetWeights(name: "v1", directory: "/weights/v1")
    private static let second = FleetWeights(name: "v2", directory: "/weights/v2")

    private static func samplingPath(_ kind: FleetEndpoint.Kind) -> String {
        kind == .vllm ? "/inference/v1/generate" : "/generate"
    }

    private static func fleet(
        _ standIns: [FleetStandIn], form: FleetWeights.Form? = nil, notices: Atomically<[String]> = Atomically([]),
        change: (inout FleetEndpoint) -> Void = { _ in }
    ) async throws(FleetError) -> RolloutFleet {
        try await RolloutFleet.connect(.test(standIns, form: form, change: change), transport: HTTPClient()) { text in
            notices.update { $0.append(text) }
        }
    }

    /// What any replica should answer.
    private static func expected(_ number: Int, directory: String = "/weights/v1") throws -> [SampledSequence] {
        try [FleetStandIn.invented(directory, prompt(number), parameters(number))]
    }

    private static func prompt(_ number: Int) -> [TokenID] { [1, 2, TokenID(number)] }
    private static func parameters(_ number: Int) -> SamplingParameters {
        SamplingParameters(maxTokens: 5, stopTokens: [9], seed: Int64(number) * 10)
    }

    private static func draw(_ fleet: RolloutFleet, _ number: Int, weights: String = "v1") async throws
        -> [SampledSequence]
    {
        try await fleet.sample(
            prompt: prompt(number), count: 1, parameters: parameters(number), weights: weights)
    }

    /// Draws many samples at once and checks every one.
    private static func drawAll(_ fleet: RolloutFleet, _ numbers: Range<Int>) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in numbers {
                group.addTask { try await draw(fleet, number) == expected(number) }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    private static func standIns(_ count: Int, _ kind: FleetEndpoint.Kind = .vllm) throws -> [FleetStandIn] {
        try (0..<count).map { _ in try FleetStandIn(kind) }
    }

    private static func until(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(900)
        while !condition(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        #expect(condition())
    }

    @Test(arguments: [FleetEndpoint.Kind.vllm, .sglang])
    func samplesDoNotDependOnTheReplica(kind: FleetEndpoint.Kind) async throws {
        let standIns = try Self.standIns(3, kind)
        let fleet = try await Self.fleet(standIns)
        let publication = try await fleet.publish(Self.weights)
        #expect(publication.replicas == standIns.map(\.url))
        #expect(publication.duration > .zero)
        try await Self.drawAll(fleet, 0..<60)
        for standIn in standIns { #expect(!standIn.requests(Self.samplingPath(kind)).isEmpty) }
        await fleet.close()
        let error = await fleetError { () async throws(FleetError) in
            try await fleet.sample(prompt: [1], count: 1, parameters: Self.parameters(1), weights: "v1")
        }
        #expect(error == .closed || error == .retired(weights: "v1"))
    }

    @Test func turnsOfAnEpisodeGoToOneReplica() async throws {
        let standIns = try Self.standIns(4)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        for number in 0..<12 {
            let before = standIns.map { $0.requests("/inference/v1/generate").count }
            var prompt = Self.prompt(number)
            for turn in 0..<4 {
                let answer = try await fleet.sample(
                    prompt: prompt, count: 1, parameters: Self.parameters(turn), weights: "v1")
                prompt += answer[0].tokens + [3]
            }
            let after = standIns.map { $0.requests("/inference/v1/generate").count }
            #expect(zip(before, after).filter { $0 != $1 }.count == 1)
        }
        await fleet.close()
    }

    @Test func aReplicaThatDiesMidRunIsReplaced() async throws {
        let standIns = try Self.standIns(3)
        for standIn in standIns {
            standIn.state.update { $0.lasting["/inference/v1/generate"] = .slow(.milliseconds(5)) }
        }
        let notices = Atomically<[String]>([])
        let fleet = try await Self.fleet(standIns, notices: notices)
        try await fleet.publish(Self.weights)
        let killer = Task {
            while standIns[1].requests("/inference/v1/generate").count < 3 {
                try await Task.sleep(for: .milliseconds(1))
            }
            standIns[1].kill()
        }
        try await Self.drawAll(fleet, 0..<90)
        try await killer.value
        try await Self.until { fleet.status.map(\.isServing) == [true, false, true] }
        #expect(fleet.status[1].problem?.contains(standIns[1].url) == true)
        try await Self.drawAll(fleet, 90..<120)
        // The next version goes to those that are left, and the dead one is named.
        let publication = try await fleet.publish(Self.second)
        #expect(publication.replicas == [standIns[0].url, standIns[2].url])
        #expect(publication.problems.count == 1 && publication.problems[0].contains(standIns[1].url))
        await fleet.close()
    }

    @Test(arguments: [
        FleetStandIn.Fault.status(500), .status(503), .status(429), .reset, .tooManyTokens, .missingLogprobs,
        .absentLogprob, .truncated, .aborted, .missingSequence,
    ])
    func aFaultyAnswerIsDrawnAgainElsewhere(fault: FleetStandIn.Fault) async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        for standIn in standIns { standIn.fail("/inference/v1/generate", [fault]) }
        try await Self.drawAll(fleet, 0..<8)
        await fleet.close()
    }

    @Test func aReplicaThatStallsDoesNotHoldUpTheRun() async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns) {
            $0.timing.requestTimeout = .seconds(1)
            // On a machine under load the healthy replica may be late, too.
            $0.timing.attempts = 1000
        }
        try await fleet.publish(Self.weights)
        standIns[0].fail("/inference/v1/generate", [.silence])
        try await Self.drawAll(fleet, 0..<12)
        await fleet.close()
    }

    @Test func aReplicaThatAlwaysFailsIsEjectedAndReadmitted() async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        standIns[0].state.update {
            $0.isUnhealthy = true
            $0.lasting["/inference/v1/generate"] = .status(500)
        }
        try await Self.drawAll(fleet, 0..<30)
        try await Self.until { !fleet.status[0].isServing }
        // What it held is gone, too: it must load the version again before it is asked.
        standIns[0].forget()
        standIns[0].state.update {
            $0.isUnhealthy = false
            $0.lasting = [:]
        }
        try await Self.until { standIns[0].state.value.adapters["v1"] != nil }
        let before = standIns[0].requests("/inference/v1/generate").count
        try await Self.until { fleet.status[0].isServing }
        try await Self.drawAll(fleet, 0..<40)
        #expect(standIns[0].requests("/inference/v1/generate").count > before)
        await fleet.close()
    }

    @Test(arguments: [(FleetEndpoint.Kind.vllm, FleetWeights.Form.adapter), (.sglang, .adapter), (.sglang, .full)])
    func aReplicaThatWasRestartedIsNeverBelieved(kind: FleetEndpoint.Kind, form: FleetWeights.Form) async throws {
        let standIns = try Self.standIns(2, kind)
        let notices = Atomically<[String]>([])
        let fleet = try await Self.fleet(standIns, form: form, notices: notices)
        try await fleet.publish(Self.weights)
        for standIn in standIns { standIn.forget() }
        // Base weights would be drawn from now, were the answers believed.
        try await Self.drawAll(fleet, 0..<20)
        #expect(notices.value.contains { $0.contains("it is loaded again") })
        await fleet.close()
    }

    @Test func aLoadThatFailsOnOneReplicaFencesItUntilItHasCaughtUp() async throws {
        let standIns = try Self.standIns(3)
        let notices = Atomically<[String]>([])
        let fleet = try await Self.fleet(standIns, notices: notices)
        standIns[2].state.update { $0.lasting["/v1/load_lora_adapter"] = .status(400) }
        let publication = try await fleet.publish(Self.weights)
        #expect(publication.replicas == [standIns[0].url, standIns[1].url])
        #expect(publication.problems.count == 1)
        #expect(publication.problems[0].contains(standIns[2].url) && publication.problems[0].contains("/weights/v1"))
        try await Self.drawAll(fleet, 0..<30)
        #expect(standIns[2].requests("/inference/v1/generate").isEmpty)
        standIns[2].state.update { $0.lasting = [:] }
        try await Self.until { notices.value.contains { $0.contains("has caught up with v1") } }
        try await Self.drawAll(fleet, 0..<30)
        #expect(!standIns[2].requests("/inference/v1/generate").isEmpty)
        await fleet.close()
    }

    @Test func aPublicationThatNobodyLoadsNamesEveryReplica() async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns)
        for standIn in standIns { standIn.state.update { $0.lasting["/v1/load_lora_adapter"] = .status(500) } }
        let error = await fleetError { () async throws(FleetError) in try await fleet.publish(Self.weights) }
        guard case .publicationFailed("v1", "/weights/v1", let problems) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(problems.count == 2)
        for standIn in standIns { #expect(error?.description.contains(standIn.url) == true) }
        // The withdrawn version does not stay behind the caller's back. A keeper's look at a replica may be on its way just
        // now, and load it; that look then unloads it, and is over when the next but one health check comes.
        for standIn in standIns { standIn.state.update { $0.lasting = [:] } }
        let before = standIns.map { $0.healthChecks }
        try await Self.until { zip(standIns, before).allSatisfy { $0.healthChecks >= $1 + 2 } }
        for standIn in standIns { #expect(standIn.state.value.adapters.isEmpty) }
        await fleet.close()
    }

    @Test func aReplicaThatWasAwayUnloadsWhatWasRetiredMeanwhile() async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        try await fleet.publish(Self.second)
        standIns[0].state.update { $0.isUnhealthy = true }
        try await Self.until { !fleet.status[0].isServing }
        fleet.retire("v1")
        try await Self.until { standIns[1].state.value.adapters == ["v2": "/weights/v2"] }
        #expect(standIns[0].state.value.adapters.count == 2)
        standIns[0].state.update { $0.isUnhealthy = false }
        try await Self.until { standIns[0].state.value.adapters == ["v2": "/weights/v2"] }
        await fleet.close()
    }

    @Test func whereNobodyIsLeftTheErrorSaysWhy() async throws {
        let standIns = try Self.standIns(2)
        let fleet = try await Self.fleet(standIns) { $0.timing.outageBudget = .milliseconds(80) }
        try await fleet.publish(Self.weights)
        for standIn in standIns { standIn.kill() }
        let error = await fleetError { () async throws(FleetError) in
            try await fleet.sample(prompt: [1], count: 1, parameters: Self.parameters(1), weights: "v1")
        }
        guard case .noReplica("sampling", _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        for standIn in standIns { #expect(error?.description.contains(standIn.url) == true) }
        #expect(error?.description.contains("sampler.urls") == true)
        await fleet.close()
    }

    @Test func aFleetThatNobodyRunsIsRefused() async throws {
        let standIns = try Self.standIns(2)
        for standIn in standIns { standIn.kill() }
        let error = await fleetError { () async throws(FleetError) in try await Self.fleet(standIns) }
        guard case .noReplica = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let refusing = try Self.standIns(1)
        refusing[0].fail("/health", [.status(401)])
        let refusal = await fleetError { () async throws(FleetError) in try await Self.fleet(refusing) }
        #expect(refusal?.description.contains("FLEET_KEY") == true)
    }

    @Test func versionsLiveAsLongAsTheirSequences() async throws {
        let standIns = try Self.standIns(1)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        standIns[0].fail("/inference/v1/generate", [.slow(.milliseconds(150))])
        let slow = Task { try await Self.draw(fleet, 3) }
        try await Self.until { standIns[0].requests("/inference/v1/generate").count == 1 }
        try await fleet.publish(Self.second)
        fleet.retire("v1")
        #expect(try await Self.draw(fleet, 4, weights: "v2") == Self.expected(4, directory: "/weights/v2"))
        let error = await fleetError { () async throws(FleetError) in
            try await fleet.sample(prompt: [1], count: 1, parameters: Self.parameters(1), weights: "v1")
        }
        #expect(error == .retired(weights: "v1"))
        #expect(try await slow.value == Self.expected(3))
        try await Self.until { standIns[0].state.value.adapters == ["v2": "/weights/v2"] }
        await fleet.close()
        #expect(standIns[0].state.value.adapters.isEmpty)
    }

    @Test func wholeModelsAreReplacedBetweenSequences() async throws {
        let standIns = try Self.standIns(2, .sglang)
        for standIn in standIns { standIn.state.update { $0.lasting["/generate"] = .slow(.milliseconds(20)) } }
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        async let old: Void = Self.drawAll(fleet, 0..<12)
        try await Self.until { standIns.allSatisfy { $0.requests("/generate").count > 1 } }
        // The stand-ins refuse an update while a sequence runs.
        let publication = try await fleet.publish(Self.second)
        #expect(publication.problems == [])
        #expect(standIns.map(\.state.value.version) == ["v2", "v2"])
        // What had not begun before the update cannot be drawn any more; what had begun was finished.
        do {
            try await old
        } catch let error as FleetError {
            #expect(error == .retired(weights: "v1"))
        }
        #expect(try await Self.draw(fleet, 4, weights: "v2") == Self.expected(4, directory: "/weights/v2"))
        await fleet.close()
    }

    @Test func noReplicaHoldsMoreSequencesThanAllowed() async throws {
        let standIns = try Self.standIns(2)
        for standIn in standIns {
            standIn.state.update { $0.lasting["/inference/v1/generate"] = .slow(.milliseconds(3)) }
        }
        let fleet = try await Self.fleet(standIns) { $0.concurrency = 3 }
        try await fleet.publish(Self.weights)
        try await Self.drawAll(fleet, 0..<60)
        for standIn in standIns { #expect((1...3).contains(standIn.state.value.mostRunning)) }
        await fleet.close()
    }

    @Test func aCancelledSampleLeavesItsPlace() async throws {
        let standIns = try Self.standIns(1)
        let fleet = try await Self.fleet(standIns) { $0.concurrency = 1 }
        try await fleet.publish(Self.weights)
        standIns[0].fail("/inference/v1/generate", [.silence])
        let stalled = Task { try await Self.draw(fleet, 1) }
        try await Self.until { standIns[0].requests("/inference/v1/generate").count == 1 }
        let waiting = Task { try await Self.draw(fleet, 2) }
        let third = Task { try await Self.draw(fleet, 3) }
        waiting.cancel()
        await #expect(throws: FleetError.cancelled(operation: "sampling")) { try await waiting.value }
        stalled.cancel()
        await #expect(throws: FleetError.cancelled(operation: "sampling")) { try await stalled.value }
        #expect(try await third.value == Self.expected(3))
        #expect(fleet.status[0].isServing)
        await fleet.close()
    }

    @Test func unsuitableSamplingIsRefusedBeforeItIsSent() async throws {
        let standIns = try Self.standIns(1)
        let fleet = try await Self.fleet(standIns)
        try await fleet.publish(Self.weights)
        let warm = SamplingParameters(maxTokens: 4, temperature: 0.7, stopTokens: [], seed: 1)
        let error = await fleetError { () async throws(FleetError) in
            try await fleet.sample(prompt: [1], count: 1, parameters: warm, weights: "v1")
        }
        #expect(error?.description.contains("temperature 0.7") == true)
        #expect(standIns[0].requests("/inference/v1/generate").isEmpty)
        await fleet.close()
    }
}
