import Primitives
import Synchronization

/// An immutable version of a policy on a Tinker API server.
public final class TinkerSampler: PolicySampler {
    public let policyVersion: Int
    /// The server's name for the weights.
    public let samplingSession: String
    let session: TinkerSession
    private let nextSequence = Mutex(0)

    init(session: TinkerSession, samplingSession: String, policyVersion: Int) {
        self.session = session
        self.samplingSession = samplingSession
        self.policyVersion = policyVersion
    }

    /// Draws continuations; cancelling the task stops waiting for them.
    ///
    /// Sampling changes nothing on the server, so that it is repeated on every kind of outage.
    public func sample(
        prompt: [TokenID], count: Int, parameters: SamplingParameters
    ) async throws(BackendError) -> [SampledSequence] {
        guard !prompt.isEmpty, count > 0, parameters.maxTokens > 0 else {
            throw .invalidRequest(
                detail: "sampling needs a prompt, a positive count and a positive token limit; got \(prompt.count) "
                    + "prompt tokens, count \(count), limit \(parameters.maxTokens)")
        }
        let wire = session.wire
        let gate = session.samplingGate
        guard await gate.permits.acquire() else { throw .cancelled(operation: "asample") }
        defer { gate.permits.release() }
        let sequence = nextSequence.withLock { next in
            defer { next += 1 }
            return next
        }
        let body = Self.body(
            prompt: prompt, count: count, parameters: parameters, samplingSession: samplingSession, sequence: sequence)
        let policy = wire.endpoint.retryPolicy
        // The threshold is on the prompt's size in the protocol's binary form, 4 bytes a token.
        let isLong = prompt.count * 4 > 128 << 10
        let call = TinkerCall(
            path: "asample", body: body, requestType: "Sample", isRepeatable: true,
            sampling: (gate, isLong ? policy.longPromptSamplingPause : policy.samplingPause))
        let answer = try await wire.promise(call).result()
        return try TinkerResult(value: answer, call: call, wire: wire)
            .sequences(count: count, maximumTokens: parameters.maxTokens)
    }

    static func body(
        prompt: [TokenID], count: Int, parameters: SamplingParameters, samplingSession: String, sequence: Int
    ) -> [UInt8] {
        var writer = JSONByteWriter()
        writer.append(raw: "{\"num_samples\":")
        writer.append(count)
        writer.append(raw: ",\"prompt\":{\"chunks\":[{\"tokens\":")
        writer.append(prompt)
        writer.append(raw: ",\"type\":\"encoded_text\"}]},\"sampling_params\":")
        let sampling: JSONValue = [
            "max_tokens": .integer(parameters.maxTokens), "seed": .integer(parameters.seed),
            "stop": parameters.stopTexts.isEmpty
                ? .tokens(parameters.stopTokens) : .array(parameters.stopTexts.map { .string($0) }),
            "temperature": .number(parameters.temperature), "top_k": .integer(parameters.topK),
            "top_p": .number(parameters.topP),
        ]
        writer.append(raw: sampling.serialized())
        writer.append(raw: ",\"sampling_session_id\":")
        writer.append(samplingSession)
        writer.append(raw: ",\"seq_id\":")
        writer.append(sequence)
        writer.append(raw: ",\"type\":\"sample\"}")
        return writer.bytes
    }
}
