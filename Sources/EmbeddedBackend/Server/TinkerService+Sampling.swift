import Primitives
import Tokenizers

/// Sampling sessions and sampling.
extension TinkerService {
    /// `seq_id`s that a sampling session remembers, to recognise repetitions.
    private static let rememberedSubmissions = 4096

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
            var session = try samplingTarget(
                base: body["base_model"]?.stringValue, path: body["model_path"]?.stringValue)
            id = newID("sampling")
            session.id = id
            session.owner = sessionID
            samplingSessions[id] = session
            sessions[sessionID]?.samplers[sequence] = (digest, id)
        }
        return ["type": "create_sampling_session", "sampling_session_id": .string(id)]
    }

    /// Another client of a sampling session, which numbers its requests apart.
    func joinSamplingSession(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "sampling_session_id") }
        let session = try samplingSession(id)
        samplingSessions[id]?.clientCount += 1
        return ["type": "join_sampling_session", "client_counter": .integer(session.clientCount)]
    }

    /// A sampling session that a request names. A sign of life of the session that made it.
    func samplingSession(_ id: String) throws(ServiceError) -> SamplingSession {
        guard let session = samplingSessions[id] else { throw missing(id, "sampling session \(id)") }
        noteLife(of: session.owner)
        return session
    }

    /// A client will not ask a sampling session any more; with the last of them it ends, and its weights are freed.
    func closeSampler(_ id: String) async throws(ServiceError) -> JSONValue {
        let session = try samplingSession(id)
        if session.clientCount > 1 {
            samplingSessions[id]?.clientCount -= 1
        } else {
            await closeSamplingSession(id)
        }
        return [:]
    }

    func closeSamplingSession(_ id: String) async {
        guard let session = samplingSessions.removeValue(forKey: id) else { return }
        completions.forget(session: id)
        switch session.source {
        case .base: break
        case .checkpoint(let held): checkpoints.release(held)
        case .snapshot: await samplers.release(session.source)
        }
    }

    func samplerInformation(_ id: String) throws(ServiceError) -> JSONValue {
        let session = try samplingSession(id)
        var answer: JSONObject = ["sampler_id": .string(id), "base_model": .string(session.base.name)]
        if let path = session.modelPath { answer["model_path"] = .string(path) }
        return .object(answer)
    }

    /// `asample`: answers with a promise. A repeated `seq_id` gets the first one's promise while that is kept; after that
    /// the request runs again, as the API wants of a client whose promise is gone.
    func sample(_ body: JSONValue, digest: Int) async throws(ServiceError) -> JSONValue {
        guard body["sampling_session_id"] ?? .null != .null else {
            let target = try samplingTarget(
                base: body["base_model"]?.stringValue, path: body["model_path"]?.stringValue)
            return try await submit(body, session: target, key: nil)
        }
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "sampling_session_id") }
        let session = try samplingSession(id)
        let sequence = try ServiceError.reading { () throws(JSONError) in try body.integer(at: "seq_id") }
        if let earlier = session.submissions[sequence], promises.isKept(earlier.promise) {
            guard earlier.digest == digest else {
                throw .invalid("seq_id \(sequence) was used for another request of sampling session \(id)")
            }
            return Self.sampleFuture(earlier.promise, count: body["num_samples"]?.integerValue ?? 1)
        }
        let key = CompletionBoard.Key(session: id, clone: sequence / CompletionBoard.Key.sequencesPerClone)
        let answer = try await submit(body, session: session, key: key)
        if let promise = answer["request_id"]?.stringValue {
            samplingSessions[id]?.submissions[sequence] = (digest, promise)
            if session.submissions.count > 2 * Self.rememberedSubmissions { forgetSubmissions(of: id) }
        }
        return answer
    }

    private func forgetSubmissions(of id: String) {
        let oldest = samplingSessions[id]?.submissions.keys.sorted().dropLast(Self.rememberedSubmissions) ?? []
        for sequence in oldest { samplingSessions[id]?.submissions[sequence] = nil }
    }

    private func submit(
        _ body: JSONValue, session: SamplingSession, key: CompletionBoard.Key?
    ) async throws(ServiceError) -> JSONValue {
        do {
            try await samplers.check(session.source)
            let decoder = SampleRequestDecoder(
                limits: session.base.limits, endOfSequence: session.base.endOfSequence, defaultSeed: unaskedSeed())
            let request = try decoder.decode(body)
            let tokenizer = request.stopTexts.isEmpty ? nil : try await session.base.text.tokenizer()
            let promise = promises.create()
            countDraw(1, for: session.owner)
            cancellations.run(promise) {
                await self.draw(request, from: session, tokenizer: tokenizer, promise: promise, key: key)
                await self.countDraw(-1, for: session.owner)
            }
            return Self.sampleFuture(promise, count: request.count)
        } catch {
            if key == nil { end(session) }
            throw error
        }
    }

    private func countDraw(_ difference: Int, for session: String?) {
        if let session { sessions[session]?.drawCount += difference }
    }

    /// A promise that names every sequence it will hold.
    private static func sampleFuture(_ promise: String, count: Int) -> JSONValue {
        var future = future(promise).objectValue ?? [:]
        future["sample_sequence_ids"] = .array((0..<max(0, count)).map { .string("\(promise)-\($0)") })
        return .object(future)
    }

    // MARK: Targets

    /// What `base_model` or `model_path` names. A checkpoint is held until ``end(_:)``.
    func samplingTarget(base: String?, path: String?) throws(ServiceError) -> SamplingSession {
        if let path {
            let (held, description) = try checkpoints.hold(try reference(path: path))
            let name = description.baseModel
            do throws(ServiceError) {
                if let base, base != name { throw .invalid("\(path) was trained from `\(name)`, not from `\(base)`") }
                let entry = try catalog.entry(named: name, member: "base_model")
                return SamplingSession(id: "", owner: nil, base: entry, modelPath: path, source: .checkpoint(held))
            } catch {
                checkpoints.release(held)
                throw error
            }
        }
        guard let base else { throw .invalid("send one of `base_model` and `model_path`") }
        let entry = try catalog.entry(named: base, member: "base_model")
        return SamplingSession(id: "", owner: nil, base: entry, modelPath: nil, source: .base(base))
    }

    /// Ends a target that no session keeps.
    nonisolated func end(_ target: SamplingSession) {
        if case .checkpoint(let held) = target.source { checkpoints.release(held) }
    }

    /// A seed for a request that names none: different for every request and every server (the FNV-1a hash of a new id
    /// names a random stream).
    func unaskedSeed() -> Int64 {
        let name = newID("seed").utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return CounterRandom(seed: name, stage: .evaluation).seed63
    }

    // MARK: Drawing

    nonisolated private func draw(
        _ request: SampleRequest, from session: SamplingSession, tokenizer: Tokenizer?, promise: String,
        key: CompletionBoard.Key?
    ) async {
        var byteCount: Int?
        do {
            let drawn = try await samplers.withSampler(of: session.source) { sampler in
                try await Self.completions(of: request, from: sampler, tokenizer: tokenizer)
            }
            let result = SampleResult(completions: drawn, scoredPromptTokens: request.scoredPromptTokens)
            byteCount = result.byteCount
            promises.fulfil(promise, with: .sample(result))
        } catch is CancellationError {
            promises.fulfil(promise, with: ServiceError.invalid("the request was cancelled").promiseResult)
        } catch {
            promises.fulfil(promise, with: ServiceError(error).promiseResult)
        }
        if let key { completions.note(promise, byteCount: byteCount, of: key) } else { end(session) }
    }

    /// All samples of a request, drawn concurrently, in order; the first one carries what was asked of the prompt.
    private static func completions(
        of request: SampleRequest, from sampler: any SequenceSampler, tokenizer: Tokenizer?
    ) async throws -> [SamplingEngine.Completion] {
        try await withThrowingTaskGroup(of: (Int, SamplingEngine.Completion).self) { group in
            for index in 0..<request.count {
                let one = request.sample(index, tokenizer: tokenizer)
                group.addTask { (index, try await sampler.sample(one)) }
            }
            var completions = [SamplingEngine.Completion?](repeating: nil, count: request.count)
            for try await (index, completion) in group { completions[index] = completion }
            return completions.compactMap { $0 }
        }
    }
}
