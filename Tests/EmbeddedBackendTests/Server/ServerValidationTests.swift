import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerValidationTests {
    private static let limits = ModelLimits(vocabularySize: 512, maximumPositions: 8)

    private static func decode(_ input: String, trains: Bool = true) -> Result<TrainingBatch, ServiceError> {
        Result {
            let body = try JSONValue.parse("{\"forward_backward_input\":\(input)}")
            return try TrainingBatchDecoder(limits: limits, member: "forward_backward_input", trains: trains).decode(
                body)
        }.mapError { $0 as? ServiceError ?? .failed("\($0)") }
    }

    private static func input(
        datum: String = good, loss: String = "\"cross_entropy\"", settings: String = "null"
    ) -> String {
        "{\"data\":[\(good),\(datum)],\"loss_fn\":\(loss),\"loss_fn_config\":\(settings)}"
    }

    private static func datum(
        tokens: String = "[1,2]", targets: String = "[2,3]", weights: String = "[0,1]", extra: String = "",
        type: String = "encoded_text", shape: String = "[2]", dtype: String = "int64"
    ) -> String {
        """
        {"model_input":{"chunks":[{"type":"\(type)","tokens":\(tokens)}]},"loss_fn_inputs":{\
        "target_tokens":{"data":\(targets),"dtype":"\(dtype)","shape":\(shape)},\
        "weights":{"data":\(weights),"dtype":"float32","shape":[2]}\(extra)}}
        """
    }

    private static let good = datum()

    @Test(arguments: [
        (input(datum: datum(tokens: "[1,512]")), "data[1].model_input.chunks[0].tokens[1]"),
        (input(datum: datum(tokens: "[-1,2]")), "data[1].model_input.chunks[0].tokens[0]"),
        (input(datum: datum(tokens: "[1.5,2]")), "data[1].model_input.chunks[0].tokens"),
        (input(datum: datum(tokens: "[]")), "data[1].model_input"),
        (input(datum: datum(tokens: "[1,2,3,4,5,6,7,8,9]")), "8 positions"),
        (input(datum: datum(targets: "[2]")), "target_tokens.data` has 1 elements"),
        (input(datum: datum(targets: "[2,4096]")), "target_tokens.data[1]` is token 4096"),
        (input(datum: datum(weights: "[0,1,1]")), "weights.data` has 3 elements"),
        (input(datum: datum(weights: "[0,1e39]")), "weights.data[1]"),
        (input(datum: datum(weights: "[0,null]")), "weights.data"),
        (input(datum: datum(extra: ",\"mask\":{\"data\":[1,1]}")), "loss_fn_inputs.mask"),
        (input(datum: datum(type: "image")), "type image"),
        (input(datum: datum(shape: "[1,2]")), "target_tokens.shape"),
        (input(datum: datum(dtype: "float32")), "target_tokens.dtype"),
        (input(datum: "{\"model_input\":{\"chunks\":[{\"tokens\":[1]}]}}"), "data[1].loss_fn_inputs"),
        (input(datum: "7"), "data[1].model_input"),
        (input(loss: "\"gspo\""), "cross_entropy, importance_sampling, ppo, cispo, dro"),
        (input(loss: "7"), "loss_fn"),
        (input(loss: "\"dro\"", settings: "{\"beta\":-1}"), "loss_fn_config.beta"),
        ("{\"data\":[],\"loss_fn\":\"ppo\",\"los_fn_config\":{}}", "los_fn_config"),
        (input(datum: "{\"model_input\":{\"chunks\":[{\"tokens\":[1]}]},\"weights\":[]}"), "data[1].weights"),
        (input(loss: "\"importance_sampling\""), "data[0].loss_fn_inputs.logprobs` is missing"),
        (input(settings: "{\"clip_low_threshold\":0.8}"), "loss_fn_config.clip_low_threshold"),
        (input(loss: "\"ppo\"", settings: "{\"beta\":0.1}"), "clip_low_threshold and clip_high_threshold"),
        (input(loss: "\"ppo\"", settings: "{\"clip_low_threshold\":2}"), "exceeds"),
        ("{\"data\":[],\"loss_fn\":\"cross_entropy\"}", "at least one datum"),
        ("[]", "forward_backward_input"),
    ])
    func everyBadBatchIsNamed(input: String, expected: String) {
        guard case .failure(let error) = Self.decode(input) else {
            Issue.record("accepted \(input)")
            return
        }
        #expect(error.status == 400)
        #expect(error.description.contains(expected), "\(error.description)")
    }

    @Test func clipBoundsAreReadAndDefaulted() throws {
        let extra = ",\"logprobs\":{\"data\":[0,-1]},\"advantages\":{\"data\":[0,1]}"
        func loss(_ settings: String) throws -> DecoderLoss {
            let datum = Self.datum(extra: extra)
            return try Self.decode("{\"data\":[\(datum)],\"loss_fn\":\"ppo\",\"loss_fn_config\":\(settings)}").get()
                .loss
        }
        #expect(try loss("null") == .ppo(clipLow: 0.8, clipHigh: 1.2))
        for (name, expected) in [
            ("cispo", DecoderLoss.cispo(clipLow: 0, clipHigh: 4)), ("dro", .dro(beta: 0.05)),
            ("importance_sampling", .importanceSampling),
        ] {
            let input = "{\"data\":[\(Self.datum(extra: extra))],\"loss_fn\":\"\(name)\"}"
            #expect(try Self.decode(input).get().loss == expected)
        }
        #expect(
            try loss("{\"clip_low_threshold\":0.7,\"clip_high_threshold\":1.28}") == .ppo(clipLow: 0.7, clipHigh: 1.28))
    }

    @Test func aForwardPassNeedsNoWeights() throws {
        let datum = """
            {"model_input":{"chunks":[{"tokens":[1]},{"tokens":[2]}]},"loss_fn_inputs":{"target_tokens":{"data":[2,3]}}}
            """
        let input = "{\"data\":[\(datum)],\"loss_fn\":\"cross_entropy\"}"
        let batch = try Self.decode(input, trains: false).get()
        #expect(batch.sequences[0].inputTokens == [1, 2])
        #expect(batch.sequences[0].weights == [1, 1])
        #expect(throws: ServiceError.self) { try Self.decode(input).get() }
    }

    @Test(arguments: [
        ("{}", "adam_params"),
        ("{\"adam_params\":{\"learning_rate\":-1}}", "adam_params.learning_rate"),
        ("{\"adam_params\":{\"beta1\":1}}", "adam_params.beta1"),
        ("{\"adam_params\":{\"eps\":\"x\"}}", "adam_params.eps"),
        ("{\"adam_params\":{\"grad_clip_norm\":-0.5}}", "adam_params.grad_clip_norm"),
        ("{\"adam_params\":{\"lr\":1}}", "adam_params.lr"),
        ("{\"adam_params\":{},\"optimizer_params\":{\"type\":\"dimuon\"}}", "AdamW"),
    ])
    func everyBadOptimizerStepIsNamed(body: String, expected: String) throws {
        let body = try JSONValue.parse(body)
        #expect {
            try OptimizerStep(body: body)
        } throws: { error in
            "\(error)".contains(expected)
        }
    }

    @Test func optimizerDefaultsAreThoseOfTheAPI() throws {
        let step = try OptimizerStep(body: ["adam_params": [:]])
        #expect(step.learningRate == 1e-4 && step.beta1 == 0.9 && step.beta2 == 0.95)
        #expect(step.epsilon == 1e-12 && step.weightDecay == 0 && step.gradientClipNorm == 0)
    }

    @Test(arguments: [
        ("\"num_samples\":0", "{\"max_tokens\":4}", "num_samples"),
        ("\"num_samples\":1", "{\"max_tokens\":0}", "max_tokens"),
        ("\"num_samples\":1", "{\"max_token\":4}", "max_token"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"temperature\":-1}", "temperature"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"top_p\":0}", "top_p"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"top_k\":-2}", "top_k"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"seed\":1.5}", "seed"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"stop\":\"\"}", "sampling_params.stop"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"stop\":[\"a\",1]}", "sampling_params.stop"),
        ("\"num_samples\":1", "{\"max_tokens\":4,\"stop\":[512]}", "stop[0]"),
        ("\"topk_prompt_logprobs\":21", "{\"max_tokens\":4}", "topk_prompt_logprobs"),
        ("\"prompt_alt_tokens_k\":1", "{\"max_tokens\":4}", "prompt_alt_tokens_k"),
        ("\"prompt_logprobs\":true,\"prompt_logprobs_last_n\":2", "{\"max_tokens\":4}", "prompt_logprobs_last_n"),
        ("\"record_stability_info\":true", "{\"max_tokens\":4}", "record_stability_info"),
        ("\"target_prompt_logprobs\":{}", "{\"max_tokens\":4}", "target_prompt_logprobs"),
    ])
    func everyBadSampleRequestIsNamed(member: String, parameters: String, expected: String) throws {
        let body = try JSONValue.parse(
            "{\(member),\"prompt\":{\"chunks\":[{\"tokens\":[1,2]}]},\"sampling_params\":\(parameters)}")
        #expect {
            try SampleRequestDecoder(limits: Self.limits, endOfSequence: [7], defaultSeed: 5).decode(body)
        } throws: { error in
            "\(error)".contains(expected)
        }
    }

    @Test func samplingDefaultsAreThoseOfTheAPI() throws {
        let decoder = SampleRequestDecoder(limits: Self.limits, endOfSequence: [7], defaultSeed: 5)
        let body: JSONValue = [
            "prompt": ["chunks": [["tokens": [1, 2]]]], "sampling_params": ["stop": .null],
        ]
        let request = try decoder.decode(body)
        #expect(request.count == 1 && request.stopTexts.isEmpty)
        #expect(request.request.maxTokens == 8)
        #expect(request.request.temperature == 1 && request.request.topP == 1 && request.request.topK == -1)
        #expect(request.request.stopTokens == [7] && request.request.seed == 5)
        #expect(!request.request.wantsPromptLogprobs)
    }

    @Test(arguments: ["..", "a/b", "", ".hidden", "ä", String(repeating: "x", count: 129)])
    func checkpointNamesCannotLeaveTheirDirectory(name: String) {
        #expect(throws: ServiceError.self) {
            try CheckpointReference(modelID: "model_000001", kind: .training, name: name)
        }
        #expect(throws: ServiceError.self) { try CheckpointReference(path: "tinker://\(name)/weights/a") }
    }
}
