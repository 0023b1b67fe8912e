import ArgumentParser
import Backends
import Foundation
import Primitives
import Transport

/// Sends batches of every loss to a server and writes down what it said their gradients' norms were, together with the
/// weights they were computed from. `Scripts/interop/skyrl_gradients.py` compares the norms with those that PyTorch computes of
/// the plain sum over tokens.
struct GradientComparison: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradients",
        abstract: "Gradient norms of every loss on a Tinker API server, for comparison with PyTorch.")

    @Option(help: "The server's address.")
    var url: String

    @Option(help: "The server's name of the model.")
    var model: String

    @Option(help: "The adapter rank.")
    var rank = 8

    @Option(help: "Where the batches and norms are written, as JSON.")
    var output: String

    /// Steps that are really made first, so that both matrices of every adapter differ from their start.
    private static let warmUpSteps = 3

    func run() async throws {
        let transport = HTTPClient()
        defer { transport.shutdown() }
        var endpoint = TinkerEndpoint(
            baseURL: url, apiKey: ProcessInfo.processInfo.environment["TINKER_API_KEY"] ?? "tml-dummy", profile: .tinker
        )
        let record = try await BackendProbe.run(endpoint, transport: transport, baseModel: model, loraRank: rank)
        print(ProfileTable.text(record) + "\n")
        endpoint.profile = record.profile
        let session = try await TinkerSession.connect(endpoint, transport: transport)
        let trainer = try await session.createTrainer(baseModel: model, loraRank: rank, seed: 3)
        for step in 0..<Self.warmUpSteps {
            _ = try await trainer.trainStep(
                batch(weights: .mask, number: step, logprobs: nil), loss: .crossEntropy,
                optimizer: AdamParameters(learningRate: 0.01))
        }
        let adapter = try await trainer.saveSampler(named: "golden-gradients")
        var cases: [JSONValue] = []
        for loss in [
            LossFunction.crossEntropy, .importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2),
            .cispo(clipLow: 0.5, clipHigh: 1.5), .dro(beta: 0.3),
        ] {
            for weights in Weights.allCases {
                let plain = batch(weights: weights, number: 100, logprobs: nil)
                let datums = batch(weights: weights, number: 100, logprobs: try await trainer.forward(plain))
                let result = try await trainer.trainStep(
                    datums, loss: loss, optimizer: AdamParameters(learningRate: 0))
                cases.append(json(datums, loss, weights, norm: result.gradientNorm ?? .nan))
                print("\(loss.wireName), \(weights.rawValue): \(result.gradientNorm ?? .nan)")
            }
        }
        await trainer.close()
        let file: JSONValue = [
            "adapter": .string(adapter), "profile": record.json, "rank": .integer(rank), "cases": .array(cases),
        ]
        try Data(file.serialized()).write(to: URL(fileURLWithPath: output))
    }

    private enum Weights: String, CaseIterable { case mask, fractions, signed }

    /// Four sequences of different lengths; sampler's logprobs lie around the trainer's, so that some ratios are clipped.
    private func batch(weights: Weights, number: Int, logprobs: [[Float]]?) -> [Datum] {
        (0..<4).map { index in
            var random = CounterRandom(seed: 17, stage: .evaluation, step: number, group: index)
            let count = 3 + 4 * index + random.integer(below: 3)
            let tokens = (0...count).map { _ in TokenID(3 + random.integer(below: 300)) }
            let mask = (0..<count).map { Float($0 < index ? 0 : 1) }
            let scale: [Float] = mask.map { _ in
                switch weights {
                case .mask: 1
                case .fractions: Float(0.05 + random.uniform())
                case .signed: Float(2 * random.uniform() - 1)
                }
            }
            let shift = mask.map { _ in Float(0.8 * (random.uniform() - 0.5)) }
            let advantage = mask.map { $0 * Float(3 * (random.uniform() - 0.5)) }
            let trained = logprobs?[index] ?? mask.map { _ in 0 }
            return Datum(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()),
                weights: zip(mask, scale).map { $0 * $1 }, logprobs: zip(trained, shift).map { $0 + $1 },
                advantages: advantage)
        }
    }

    private func json(_ datums: [Datum], _ loss: LossFunction, _ weights: Weights, norm: Double) -> JSONValue {
        [
            "loss": .string(loss.wireName), "weights": .string(weights.rawValue), "norm": .number(norm),
            "settings": .object(
                JSONObject(
                    uniqueKeysWithValues: loss.wireConfiguration.sorted { $0.key < $1.key }
                        .map { (key: $0.key, value: .number($0.value)) })),
            "datums": .array(
                datums.map { datum in
                    [
                        "input": .tokens(datum.inputTokens), "target": .tokens(datum.targetTokens),
                        "weights": .floats(datum.weights), "logprobs": .floats(datum.logprobs),
                        "advantages": .floats(datum.advantages),
                    ]
                }),
        ]
    }
}
