import Primitives
import Testing
import Transport

@testable import Backends

/// The token clients of vLLM and SGLang against stand-ins.
@Suite struct FleetEngineTests {
    private static let parameters = SamplingParameters(maxTokens: 6, stopTokens: [9], seed: 100)
    private static let weights = FleetWeights(name: "v1", directory: "/weights/v1")
    private static let kinds: [(FleetEndpoint.Kind, FleetWeights.Form)] = [
        (.vllm, .adapter), (.vllm, .full), (.sglang, .adapter), (.sglang, .full),
    ]

    private func engine(
        _ standIn: FleetStandIn, _ form: FleetWeights.Form, change: (inout FleetEndpoint) -> Void = { _ in }
    ) -> any TokenEngine {
        let wire = FleetWire(
            url: standIn.url, endpoint: .test([standIn], form: form, change: change), transport: HTTPClient())
        return standIn.kind == .vllm ? VLLMEngine(wire: wire) : SGLangEngine(wire: wire)
    }

    private func order(_ count: Int) -> SampleOrder {
        SampleOrder(prompt: [5, 6, 7], count: count, parameters: Self.parameters)
    }

    private func expected(_ count: Int, directory: String = "/weights/v1") throws -> [SampledSequence] {
        try (0..<count).map { index in
            var own = Self.parameters
            own.seed += Int64(index)
            return try FleetStandIn.invented(directory, [5, 6, 7], own)
        }
    }

    @Test(arguments: kinds, [1, 3])
    func samplesOfLoadedWeightsUseOneSeedEach(
        kind: (FleetEndpoint.Kind, FleetWeights.Form), count: Int
    ) async throws {
        let standIn = try FleetStandIn(kind.0)
        let engine = engine(standIn, kind.1)
        try await engine.prepare()
        try await engine.load(Self.weights)
        #expect(try await engine.sample(order(count), from: "v1") == expected(count))
        #expect(standIn.header("authorization").allSatisfy { $0 == "Bearer fleet-secret" })
        #expect(standIn.state.value.isPaused == false)
    }

    @Test(arguments: [true, false])
    func olderVLLMServersAreSpokenToAsTheyWish(offersGenerate: Bool) async throws {
        let standIn = try FleetStandIn(.vllm)
        standIn.state.update {
            $0.offersGenerate = offersGenerate
            $0.namesTokensAsText = true
        }
        let engine = engine(standIn, .adapter)
        try await engine.prepare()
        try await engine.load(Self.weights)
        #expect(try await engine.sample(order(2), from: "v1") == expected(2))
        #expect(standIn.requests("/v1/completions").count == (offersGenerate ? 0 : 1))
    }

    @Test func vllmRequestsSayWhatIsMeant() async throws {
        let standIn = try FleetStandIn(.vllm)
        let engine = engine(standIn, .adapter)
        try await engine.prepare()
        try await engine.load(Self.weights)
        _ = try await engine.sample(order(3), from: "v1")
        let body = try #require(standIn.requests("/inference/v1/generate").last)
        #expect(body["token_ids"] == [5, 6, 7])
        #expect(body["model"] == "v1")
        #expect(body["cache_salt"] == "v1")
        let sampling = body["sampling_params"]
        #expect(sampling?["n"] == 3)
        #expect(sampling?["seed"] == 100)
        #expect(sampling?["stop_token_ids"] == [9])
        #expect(sampling?["ignore_eos"] == true)
        #expect(sampling?["detokenize"] == false)
    }

    @Test func aWholeModelIsLoadedIntoVLLMWhilePaused() async throws {
        let standIn = try FleetStandIn(.vllm)
        let engine = engine(standIn, .full)
        try await engine.prepare()
        try await engine.load(Self.weights)
        #expect(
            Array(standIn.targets().suffix(5)) == [
                "/pause?mode=wait&clear_cache=true", "/collective_rpc", "/reset_prefix_cache", "/update_weight_version",
                "/resume",
            ])
        #expect(try await engine.held(among: ["v0", "v1"]) == ["v1"])
        standIn.state.update { $0.lasting["/collective_rpc"] = .status(500) }
        let error = await fleetError { () async throws(FleetError) in
            try await engine.load(FleetWeights(name: "v2", directory: "/w2"))
        }
        #expect(error?.description.contains("/w2") == true)
        #expect(standIn.state.value.isPaused == false)
    }

    @Test func sglangIsPausedWhileItsWeightsChange() async throws {
        let standIn = try FleetStandIn(.sglang)
        let engine = engine(standIn, .full)
        try await engine.load(Self.weights)
        #expect(
            standIn.targets() == [
                "/pause_generation", "/update_weights_from_disk", "/get_weight_version", "/continue_generation",
            ])
        let body = try #require(standIn.requests("/update_weights_from_disk").first)
        #expect(body["model_path"] == "/weights/v1")
        #expect(body["weight_version"] == "v1")
        // An update that leaves the version as it was has not happened.
        standIn.fail("/update_weights_from_disk", [.wrongWeights])
        let error = await fleetError { () async throws(FleetError) in
            try await engine.load(FleetWeights(name: "v2", directory: "/w2"))
        }
        #expect(error == .staleWeights(url: standIn.url, expected: "v2", received: "v1"))
        #expect(standIn.state.value.isPaused == false)
    }

    @Test(arguments: [FleetEndpoint.Kind.vllm, .sglang])
    func anAdapterIsLoadedOnceAndUnloaded(kind: FleetEndpoint.Kind) async throws {
        let standIn = try FleetStandIn(kind)
        let engine = engine(standIn, .adapter)
        try await engine.load(Self.weights)
        try await engine.load(Self.weights)
        #expect(standIn.state.value.adapters == ["v1": "/weights/v1"])
        if kind == .vllm { #expect(try await engine.held(among: ["v0", "v1"]) == ["v1"]) }
        try await engine.unload("v1")
        try await engine.unload("v1")
        #expect(standIn.state.value.adapters.isEmpty)
        let error = await fleetError { () async throws(FleetError) in try await engine.sample(order(1), from: "v1") }
        guard case .weightsMissing(_, "v1", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        arguments: [FleetEndpoint.Kind.vllm, .sglang],
        [
            FleetStandIn.Fault.tooManyTokens, .missingSequence, .missingLogprobs, .absentLogprob, .positiveLogprob,
        ])
    func answersThatCannotBeTrainedOnAreErrors(kind: FleetEndpoint.Kind, fault: FleetStandIn.Fault) async throws {
        let standIn = try FleetStandIn(kind)
        let engine = engine(standIn, .adapter)
        try await engine.load(Self.weights)
        standIn.fail(kind == .vllm ? "/inference/v1/generate" : "/generate", [fault])
        let error = await fleetError { () async throws(FleetError) in try await engine.sample(order(2), from: "v1") }
        guard case .notUnderstood(standIn.url, "sampling", _, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await engine.sample(order(2), from: "v1") == expected(2))
    }

    @Test(arguments: [(FleetEndpoint.Kind.vllm, FleetWeights.Form.adapter), (.sglang, .full)])
    func answersOfOtherWeightsAreErrors(kind: FleetEndpoint.Kind, form: FleetWeights.Form) async throws {
        let standIn = try FleetStandIn(kind)
        let engine = engine(standIn, form)
        try await engine.prepare()
        try await engine.load(Self.weights)
        standIn.fail(kind == .vllm ? "/inference/v1/generate" : "/generate", [.wrongWeights])
        let error = await fleetError { () async throws(FleetError) in try await engine.sample(order(1), from: "v1") }
        guard case .staleWeights(standIn.url, "v1", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [FleetEndpoint.Kind.vllm, .sglang])
    func failuresAreNamedAndShowNoKey(kind: FleetEndpoint.Kind) async throws {
        let standIn = try FleetStandIn(kind)
        let engine = engine(standIn, .adapter)
        try await engine.load(Self.weights)
        let path = kind == .vllm ? "/inference/v1/generate" : "/generate"
        standIn.fail(
            path, [.status(401), .status(429), .status(503), .status(500), .status(422), .aborted, .truncated])
        var texts: [String] = []
        for _ in 0..<7 {
            let error = await fleetError { () async throws(FleetError) in try await engine.sample(order(1), from: "v1")
            }
            texts.append(error?.description ?? "none")
        }
        // A reset before any answer is not among them: libcurl sends such a request again on a new connection.
        let wanted = [
            "FLEET_KEY", "too busy", "too busy", "status 500", "status 422", "gave a sequence up",
            "broke during sampling",
        ]
        for (text, part) in zip(texts, wanted) {
            #expect(text.contains(part) && text.contains(standIn.url), "\(text)")
            #expect(!text.contains("fleet-secret"))
        }
    }

    @Test func cancellingASampleAbortsItOnSGLang() async throws {
        let standIn = try FleetStandIn(.sglang)
        let engine = engine(standIn, .adapter)
        try await engine.load(Self.weights)
        standIn.fail("/generate", [.silence])
        let task = Task {
            await fleetError { () async throws(FleetError) in try await engine.sample(order(2), from: "v1") }
        }
        while standIn.requests("/generate").isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        #expect(await task.value == .cancelled(operation: "sampling"))
        let sent = try #require(standIn.requests("/generate").first?["rid"]?.arrayValue)
        while standIn.requests("/abort_request").count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(standIn.requests("/abort_request").compactMap { $0["rid"] } == sent)
    }
}
