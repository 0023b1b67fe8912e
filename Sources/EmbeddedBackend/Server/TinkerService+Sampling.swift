import Primitives

/// Sampling sessions and sampling.
extension TinkerService {
    func createSamplingSession(_ body: JSONValue, digest: Int) throws(ServiceError) -> JSONValue {
        let sessionID = try openSession(body)
        let sequence = try ServiceError.reading { () throws(JSONError) in
            try body.integer(at: "sampling_session_seq_id")
        }
        let id: String
        if let earlier = sessions[sessionID]?.samplers[sequence] {
            guard earlier.digest == digest else {
                throw .invalid("sampling_session_seq_id \(sequence) was used before in this session")
            }
            id = earlier.id
        } else {
            var session = try samplingTarget(of: body)
            id = newID("sampling")
            session.id = id
            samplingSessions[id] = session
            sessions[sessionID]?.samplers[sequence] = (digest, id)
        }
        return ["type": "create_sampling_session", "sampling_session_id": .string(id)]
    }

    func samplerInformation(_ id: String) throws(ServiceError) -> JSONValue {
        guard let session = samplingSessions[id] else { throw .unknown("sampling session \(id) is unknown") }
        var answer: JSONObject = ["sampler_id": .string(id), "base_model": .string(session.base.name)]
        if let path = session.modelPath { answer["model_path"] = .string(path) }
        return .object(answer)
    }

    func weightsInformation(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        let path = try ServiceError.reading { () throws(JSONError) in try body.string(at: "tinker_path") }
        let base = try checkpoints.baseModel(of: try CheckpointReference(path: path))
        return [
            "base_model": .string(base), "is_lora": false, "lora_rank": .null, "optimizer_config": ["type": "adamw"],
        ]
    }

    /// `asample`: answers with a promise. Sampling is a function of weights, prompt, parameters and seed, so a request
    /// whose answer was lost may simply be sent again.
    func sample(_ body: JSONValue) async throws(ServiceError) -> JSONValue {
        let session = try samplingSession(of: body)
        try await samplers.check(session.source)
        let decoder = SampleRequestDecoder(
            limits: session.base.limits, endOfSequence: session.base.endOfSequence, defaultSeed: unaskedSeed())
        let request = try decoder.decode(body)
        let promise = promises.create()
        Task { await draw(request, from: session.source, promise: promise) }
        return Self.future(promise)
    }

    // MARK: Targets

    private func samplingSession(of body: JSONValue) throws(ServiceError) -> SamplingSession {
        guard body["sampling_session_id"] ?? .null != .null else { return try samplingTarget(of: body) }
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "sampling_session_id") }
        guard let session = samplingSessions[id] else { throw .unknown("sampling session \(id) is unknown") }
        return session
    }

    /// What `base_model` or `model_path` names.
    private func samplingTarget(of body: JSONValue) throws(ServiceError) -> SamplingSession {
        let base = body["base_model"]?.stringValue
        let path = body["model_path"]?.stringValue
        if let path {
            let reference = try CheckpointReference(path: path)
            let name = try checkpoints.baseModel(of: reference)
            if let base, base != name { throw .invalid("\(path) was trained from `\(name)`, not from `\(base)`") }
            let entry = try catalog.entry(named: name, member: "base_model")
            return SamplingSession(id: "", base: entry, modelPath: path, source: .checkpoint(reference))
        }
        guard let base else { throw .invalid("send one of `base_model` and `model_path`") }
        let entry = try catalog.entry(named: base, member: "base_model")
        return SamplingSession(id: "", base: entry, modelPath: nil, source: .base(base))
    }

    /// A seed for a request that names none: different for every request and every server (the FNV-1a hash of a new id
    /// names a random stream).
    private func unaskedSeed() -> Int64 {
        let name = newID("seed").utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return CounterRandom(seed: name, stage: .evaluation).seed63
    }

    // MARK: Drawing

    nonisolated private func draw(_ request: SampleRequest, from source: SamplerSource, promise: String) async {
        let answer: JSONValue
        do {
            let completions = try await samplers.withSampler(of: source) { sampler in
                try await Self.completions(of: request, from: sampler)
            }
            answer = Self.sampleAnswer(completions)
        } catch {
            answer = ServiceError(error).promiseResult
        }
        promises.fulfil(promise, with: answer.serialized())
    }

    /// All samples of a request, drawn concurrently, in order; the first one carries the prompt's logprobs.
    private static func completions(
        of request: SampleRequest, from sampler: any SequenceSampler
    ) async throws -> [SamplingEngine.Completion] {
        try await withThrowingTaskGroup(of: (Int, SamplingEngine.Completion).self) { group in
            for index in 0..<request.count {
                var one = request.request
                one.seed &+= Int64(index)
                one.wantsPromptLogprobs = one.wantsPromptLogprobs && index == 0
                group.addTask { [one] in (index, try await sampler.sample(one)) }
            }
            var completions = [SamplingEngine.Completion?](repeating: nil, count: request.count)
            for try await (index, completion) in group { completions[index] = completion }
            return completions.compactMap { $0 }
        }
    }

    private static func sampleAnswer(_ completions: [SamplingEngine.Completion]) -> JSONValue {
        let sequences = completions.map { completion -> JSONValue in
            [
                "stop_reason": completion.stoppedByToken ? "stop" : "length", "tokens": .tokens(completion.tokens),
                "logprobs": .floats(completion.logprobs),
            ]
        }
        var answer: JSONObject = ["type": "sample", "sequences": .array(sequences)]
        answer["prompt_logprobs"] = completions.first?.promptLogprobs.map(promptLogprobs) ?? .null
        return .object(answer)
    }

    /// One entry per prompt token; the first token has no logprob.
    private static func promptLogprobs(_ logprobs: [Float]) -> JSONValue {
        .array([.null] + logprobs.map(JSONValue.float))
    }
}
