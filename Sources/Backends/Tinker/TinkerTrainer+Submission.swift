import Primitives
import Storage
import TinkerProtocol

/// How requests of a model get their `seq_id` and reach the server.
extension TinkerTrainer {
    /// A request that still lacks its model and its `seq_id`.
    struct Draft: Sendable {
        let path: String
        let requestType: String
        /// Whether executing it twice would do no harm.
        var isHarmless = false
        let body: @Sendable (_ model: String, _ sequence: Int) -> DatumEncoder.Body
    }

    func draft(_ chunk: DatumEncoder.Chunk, forwardOnly: Bool, _ loss: LossFunction) -> Draft {
        Draft(
            path: forwardOnly ? DatumEncoder.forwardPath(chunk.dialect) : "forward_backward",
            requestType: forwardOnly ? "Forward" : "ForwardBackward", isHarmless: forwardOnly
        ) { model, sequence in
            DatumEncoder.body(chunk, forwardOnly: forwardOnly, loss: loss, modelIdentifier: model, sequence: sequence)
        }
    }

    func draft(_ path: String, _ requestType: String, _ members: JSONObject) -> Draft {
        Draft(path: path, requestType: requestType) { model, sequence in
            var request = members
            request["model_id"] = .string(model)
            request["seq_id"] = .integer(sequence)
            request["type"] = .string(path)
            return DatumEncoder.Body(
                bytes: JSONValue.object(request).serialized(), contentType: "application/json")
        }
    }

    func perform(
        _ path: String, _ requestType: String, _ members: JSONObject
    ) async throws(BackendError) -> TinkerResult {
        let promises = try await submit([draft(path, requestType, members)])
        return try await result(promises[0])
    }

    func result(_ promise: TinkerPromise) async throws(BackendError) -> TinkerResult {
        do throws(BackendError) {
            return TinkerResult(answer: try await promise.result(), call: promise.call, wire: session.wire)
        } catch {
            if case .fateUnknown = error { markUnusable("\(error)") }
            throw error
        }
    }

    /// Submits requests without those of another call between them, and awaits no result.
    ///
    /// What a failure means for the order depends on how far the server got: a request that it has judged has used up its
    /// `seq_id`; one that did not reach it gives the number back; after anything else, or where a part of the requests is
    /// accepted already, the trainer refuses further work.
    func submit(_ drafts: [Draft]) async throws(BackendError) -> [TinkerPromise] {
        guard await order.acquire() else { throw .cancelled(operation: drafts[0].path) }
        defer { order.release() }
        let (model, first, reason, isClosed) = state.withLock {
            ($0.model, $0.nextSequence, $0.unusableBecause, $0.isClosed)
        }
        if let reason { throw .trainerUnusable(reason: reason) }
        if isClosed { throw .sessionEnded(detail: "the trainer was closed") }
        // The last request of a step of several chunks is the optimizer's, which comes after all of them.
        let chunkCount = drafts.count { $0.requestType != "OptimStep" }
        var promises: [TinkerPromise] = []
        if chunkCount > 1, profile.isIdempotent, session.wire.settings.takesChunksInAnyOrder {
            promises = try await submitTogether(Array(drafts[..<chunkCount]), model, first)
        }
        for (offset, draft) in drafts.enumerated().dropFirst(promises.count) {
            do throws(BackendError) {
                promises.append(try await send(draft, model, first + offset))
                state.withLock { $0.nextSequence += 1 }
            } catch {
                if !promises.isEmpty || error.mayHaveRun {
                    markUnusable("submitting \(draft.path) failed: \(error)")
                } else if error.usesUpSequence {
                    state.withLock { $0.nextSequence += 1 }
                }
                throw error
            }
        }
        return promises
    }

    func markUnusable(_ reason: String) {
        state.withLock { $0.unusableBecause = $0.unusableBecause ?? reason }
    }

    /// Sends all chunks but the first at once, and the first when the others are accepted: until it arrives the server
    /// begins none of them, so that a failure on the way leaves the gradient as it was.
    private func submitTogether(
        _ drafts: [Draft], _ model: String, _ first: Int
    ) async throws(BackendError) -> [TinkerPromise] {
        let outcomes = await withTaskGroup(of: (Int, Result<TinkerPromise, BackendError>).self) { group in
            for offset in drafts.indices.dropFirst() {
                group.addTask { (offset, await self.outcome(drafts[offset], model, first + offset)) }
            }
            return await group.reduce(into: [Int: Result<TinkerPromise, BackendError>]()) { $0[$1.0] = $1.1 }
        }
        do throws(BackendError) {
            var promises: [TinkerPromise] = []
            for offset in drafts.indices.dropFirst() {
                if let outcome = outcomes[offset] { promises.append(try outcome.get()) }
            }
            promises.insert(try await send(drafts[0], model, first), at: 0)
            state.withLock { $0.nextSequence += drafts.count }
            return promises
        } catch {
            markUnusable("submitting a chunk of \(drafts[0].path) failed: \(error)")
            throw error
        }
    }

    private func outcome(_ draft: Draft, _ model: String, _ sequence: Int) async -> Result<TinkerPromise, BackendError>
    {
        do throws(BackendError) { return .success(try await send(draft, model, sequence)) } catch {
            return .failure(error)
        }
    }

    private func send(_ draft: Draft, _ model: String, _ sequence: Int) async throws(BackendError) -> TinkerPromise {
        var body = draft.body(model, sequence)
        var encoding: String?
        if body.contentType == WireDialect.mediaType, session.wire.settings.compressesBodies {
            body.bytes = Zstandard.compress(body.bytes)
            encoding = "zstd"
        }
        let repetition: TinkerCall.Repetition =
            profile.isIdempotent ? .recognised : draft.isHarmless ? .harmless : .executed
        let call = TinkerCall(
            path: draft.path, body: body.bytes, contentType: body.contentType, contentEncoding: encoding,
            requestType: draft.requestType, repetition: repetition)
        let room = min(body.bytes.count, session.dispatchRoom.capacity)
        guard await session.dispatchRoom.acquire(room) else { throw .cancelled(operation: draft.path) }
        defer { session.dispatchRoom.release(room) }
        return try await session.wire.promise(call)
    }
}
