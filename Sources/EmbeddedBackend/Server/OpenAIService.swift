import Foundation
import Primitives
import Storage
import Tokenizers

/// The endpoints of OpenAI's API that let any client talk to a base model or to a trained checkpoint: models, completions
/// and chat completions.
struct OpenAIService: Sendable {
    let tinker: TinkerService

    /// What is left of a path below one of the places where these endpoints are, or `nil` elsewhere.
    static func path(of path: String) -> String? {
        let prefix = ["/v1/", "/oai/api/v1/"].first { path.hasPrefix($0) }
        return prefix.map { String(path.dropFirst($0.count)) }
    }

    func respond(to request: ServerRequest, path: String) async -> ServerResponse {
        do {
            switch (request.method, path) {
            case ("GET", "models"): return ServerResponse(body: try await models().serialized())
            case ("GET", let path) where path.hasPrefix("models/"):
                let name = String(path.dropFirst("models/".count))
                return ServerResponse(body: try await model(name.removingPercentEncoding ?? name).serialized())
            case ("POST", "completions"): return try await complete(try Self.body(of: request))
            case ("POST", "chat/completions"): return try await chat(try Self.body(of: request))
            default: throw OpenAIError(status: 404, message: "\(request.method) \(request.path) is not served")
            }
        } catch {
            return OpenAIError(error).response
        }
    }

    private static func body(of request: ServerRequest) throws(OpenAIError) -> JSONValue {
        let body: JSONValue
        do { body = try JSONValue.parse(request.body) } catch { throw .invalid("the body is not JSON: \(error)") }
        guard body.objectValue != nil else { throw .invalid("the body should be a JSON object, but is \(body.kind)") }
        return body
    }

    // MARK: Models

    private func models() async throws -> JSONValue {
        var data = tinker.catalog.entries.map { Self.entry($0.name, created: 0) }
        let store = tinker.checkpoints
        for checkpoint in try await BlockingWork.run({ try store.list() }) where checkpoint.reference.kind == .sampler {
            data.append(Self.entry(checkpoint.reference.path, created: Int(checkpoint.created)))
        }
        return ["object": "list", "data": .array(data)]
    }

    private func model(_ name: String) async throws -> JSONValue {
        let target = try await target(named: name)
        tinker.end(target)
        return Self.entry(name, created: 0)
    }

    private static func entry(_ name: String, created: Int) -> JSONValue {
        ["id": .string(name), "object": "model", "created": .integer(created), "owned_by": "medresearcher"]
    }

    /// What a request samples from; to be ended with ``TinkerService/end(_:)``.
    func target(named name: String) async throws(OpenAIError) -> TinkerService.SamplingSession {
        let parts = name.split(separator: ";", maxSplits: 1).map(String.init)
        let path = parts.last.flatMap { $0.hasPrefix("tinker://") ? $0 : nil }
        let base = parts.first.flatMap { $0 == path ? nil : $0 }
        do { return try await tinker.samplingTarget(base: base, path: path) } catch {
            throw OpenAIError(status: 404, message: error.description, parameter: "model", code: "model_not_found")
        }
    }

    // MARK: Drawing

    /// One sequence to draw.
    struct Draw: Sendable {
        /// The number of its choice in the answer.
        var index: Int
        var request: SamplingEngine.Request
        /// Texts that end the sequence.
        var stopTexts: [String]
    }

    /// Draws for every prompt as many sequences as are asked for; the choices count through.
    func draws(
        _ request: OpenAIRequest, prompts: [[TokenID]], stopTokens: [TokenID], stopTexts: [String],
        target: TinkerService.SamplingSession
    ) async throws(OpenAIError) -> [Draw] {
        let limits = target.base.limits
        let seed: Int64
        if let given = request.seed { seed = Int64(given) } else { seed = await tinker.unaskedSeed() }
        var draws: [Draw] = []
        for (index, prompt) in prompts.enumerated() {
            do { try TokenDecoder(limits: limits).check(prompt, path: "prompt") } catch {
                throw .invalid(error.description, "prompt")
            }
            guard !prompt.isEmpty, prompt.count < limits.maximumPositions else {
                throw OpenAIError(
                    status: 400,
                    message: """
                        prompt \(index) has \(prompt.count) tokens; the model takes 1 to \(limits.maximumPositions - 1)
                        """, parameter: "prompt", code: "context_length_exceeded")
            }
            for sample in 0..<request.count {
                let one = request.sampling(
                    prompt: prompt, stopTokens: stopTokens, seed: seed &+ Int64(sample), limit: limits.maximumPositions)
                draws.append(Draw(index: draws.count, request: one, stopTexts: stopTexts + request.stopTexts))
            }
        }
        return draws
    }

    /// Runs all draws at once and returns their completions in order.
    ///
    /// - Parameter onToken: told of every token as it comes.
    func run(
        _ draws: [Draw], target: TinkerService.SamplingSession, tokenizer: Tokenizer?,
        onToken: (@Sendable (_ draw: Int, SamplingEngine.SampledToken) -> Void)? = nil
    ) async throws -> [SamplingEngine.Completion] {
        try await tinker.samplers.withSampler(of: target.source) { sampler in
            try await withThrowingTaskGroup(of: (Int, SamplingEngine.Completion).self) { group in
                for draw in draws {
                    var one = draw.request
                    if let onToken { one.onToken = { onToken(draw.index, $0) } }
                    if let tokenizer, !draw.stopTexts.isEmpty {
                        let watch = StopStringWatch(draw.stopTexts, tokenizer: tokenizer)
                        one.stopCondition = { watch.accept($0) }
                    }
                    group.addTask { [one] in (draw.index, try await sampler.sample(one)) }
                }
                var completions = [SamplingEngine.Completion?](repeating: nil, count: draws.count)
                for try await (index, completion) in group { completions[index] = completion }
                return completions.compactMap { $0 }
            }
        }
    }
}
