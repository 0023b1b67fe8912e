import Foundation
import Primitives
import Testing
import Transport

@testable import Backends
@testable import EmbeddedBackend

/// One batch, two real servers of one model: the embedded one, which sums, and one that reduces as SkyRL 0.3 does. Gradient
/// norms and the parameters after a step must agree.
@Suite(.serialized) struct GoldenGradientTests {
    private static let key = "tml-golden-gradients"

    /// A server of a tiny model with random weights, and what it trains.
    private final class Side {
        let directory: String
        let server: EmbeddedServer
        private(set) var endpoint: TinkerEndpoint

        init(_ profile: BackendProfile, averages: Bool) async throws {
            directory = NSTemporaryDirectory() + "medresearcher-golden-" + UUID().uuidString
            let base = directory + "/base"
            try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
            let shape = DecoderConfiguration(
                vocabularySize: 64, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 2,
                keyValueHeadCount: 1, headSize: 16, ropeTheta: 10_000, maximumPositions: 128, endOfTextToken: 63)
            try DecoderWeights.random(shape, seed: 4).save(directory: base)
            let configuration = EmbeddedServerConfiguration(
                apiKey: GoldenGradientTests.key, models: ["tiny": base],
                checkpointDirectory: directory + "/checkpoints",
                threads: 1)
            server =
                averages
                ? try EmbeddedServer(configuration: configuration) {
                    AveragingWeights(try DecoderWeights.load(directory: $0))
                } : try EmbeddedServer(configuration: configuration)
            endpoint = TinkerEndpoint(
                baseURL: try await server.start(), apiKey: GoldenGradientTests.key, profile: profile)
        }

        /// Takes from the probe which losses the server computes, so that the client replaces the others.
        func learnLosses() async throws {
            let record = try await BackendProbe.run(
                endpoint, transport: HTTPClient(), baseModel: "tiny", loraRank: nil)
            endpoint.profile.losses.formIntersection(record.profile.losses)
        }

        /// The gradient norm of a batch and the parameters after one step along its gradient.
        /// - Parameter parts: how the batch is cut up; `nil`: not at all.
        func step(
            _ batch: [Datum], _ loss: LossFunction, parts: [Range<Int>]? = nil
        ) async throws -> (norm: Double, parameters: [Float]) {
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: nil, seed: 0)
            // Without momentum and with a large epsilon, AdamW moves along the gradient itself, its length included.
            let optimizer = AdamParameters(learningRate: 0.5, beta1: 0, beta2: 0, epsilon: 10, weightDecay: 0)
            let norm: Double?
            if let parts {
                for part in parts {
                    _ = try await trainer.forwardBackward(Array(batch[part]), loss: loss, ofTotal: batch.count)
                }
                norm = try await trainer.optimizerStep(optimizer).gradientNorm
            } else {
                norm = try await trainer.trainStep(batch, loss: loss, optimizer: optimizer).gradientNorm
            }
            let state = try await trainer.saveState(named: "after")
            await trainer.close()
            let path = try #require(
                EmbeddedCheckpoints(directory: directory + "/checkpoints").modelDirectory(of: state))
            return (try #require(norm), try Self.floats(path + "/model.safetensors"))
        }

        func base() throws -> [Float] { try Self.floats(directory + "/base/model.safetensors") }

        func stop() async {
            await server.stop()
            try? FileManager.default.removeItem(atPath: directory)
        }

        /// All numbers of a float32 safetensors file, in the order in which they lie there.
        private static func floats(_ path: String) throws -> [Float] {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let header = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
            return data.dropFirst(8 + header).withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
        }
    }

    private static func batch(_ weights: LossCompensationTests.Weights) -> [Datum] {
        LossCompensationTests.batch(weights, seed: 31).datums.enumerated().map { number, datum in
            var random = CounterRandom(seed: 9, stage: .evaluation, step: number)
            var datum = datum
            datum.inputTokens = datum.inputTokens.map { _ in TokenID(random.integer(below: 60)) }
            datum.targetTokens = datum.targetTokens.map { _ in TokenID(random.integer(below: 60)) }
            // Near the tiny model's own logprobs, so that some ratios are clipped and none is extreme.
            datum.logprobs = datum.logprobs.map { _ in Float(-4.2 + 0.6 * (random.uniform() - 0.5)) }
            return datum
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var loss: LossFunction
        var weights: LossCompensationTests.Weights
        var testDescription: String { "\(loss.wireName), \(weights)" }
    }

    static let cases = LossCompensationTests.losses.flatMap { loss in
        LossCompensationTests.Weights.allCases.map { Case(loss: loss, weights: $0) }
    }

    @Test func everyLossHasOneGradientOnBothServers() async throws {
        let summing = try await Side(.embedded, averages: false)
        let averaging = try await Side(.skyRL, averages: true)
        try await summing.learnLosses()
        try await averaging.learnLosses()
        for example in Self.cases {
            let batch = Self.batch(example.weights)
            let left = try await summing.step(batch, example.loss)
            #expect(left.norm > 0.01, "\(example.testDescription): a gradient that is not nothing")
            Self.expectSame(
                left, try await averaging.step(batch, example.loss), base: try summing.base(), example.testDescription)
        }
        await summing.stop()
        await averaging.stop()
    }

    private static func expectSame(
        _ left: (norm: Double, parameters: [Float]), _ right: (norm: Double, parameters: [Float]), base: [Float],
        _ name: String
    ) {
        #expect(abs(left.norm - right.norm) <= 1e-4 * left.norm, "\(name)")
        var (distance, length) = (0.0, 0.0)
        for (base, (one, other)) in zip(base, zip(left.parameters, right.parameters)) {
            distance += pow(Double(one) - Double(other), 2)
            length += pow(Double(one) - Double(base), 2)
        }
        #expect(length > 0 && distance.squareRoot() <= 1e-3 * length.squareRoot(), "\(name)")
    }

    /// Also where the server divides by the datums of all parts, and knows each part's loss by other means.
    @Test func aStepInPartsHasTheGradientOfTheWhole() async throws {
        let summing = try await Side(.embedded, averages: false)
        let averaging = try await Side(.skyRL, averages: true)
        try await averaging.learnLosses()
        let parts = [0..<1, 1..<3, 3..<4]
        for loss in LossCompensationTests.losses {
            let batch = Self.batch(.fractions)
            let whole = try await summing.step(batch, loss)
            let name = loss.wireName
            Self.expectSame(whole, try await summing.step(batch, loss, parts: parts), base: try summing.base(), name)
            Self.expectSame(whole, try await averaging.step(batch, loss, parts: parts), base: try summing.base(), name)
        }
        await summing.stop()
        await averaging.stop()
    }

    /// Lanes are dealt sequences of equal length in turn, so that the parts' sums are taken in the order of the whole's.
    @Test func partsOfEqualSequencesGiveTheBitsOfTheWhole() async throws {
        let side = try await Side(.embedded, averages: false)
        let batch = (0..<8).map { (number: Int) -> Datum in
            let tokens = (0..<9).map { (place: Int) -> TokenID in TokenID((place * 5 + number * 11) % 60) }
            let weights = (0..<9).map { (place: Int) -> Float in Float(number + place) / 10 }
            return Datum(supervised: tokens, weights: weights)
        }
        let whole = try await side.step(batch, .crossEntropy)
        let parts = try await side.step(batch, .crossEntropy, parts: [0..<4, 4..<8])
        #expect(parts.norm == whole.norm)
        #expect(parts.parameters == whole.parameters)
        await side.stop()
    }

    /// What the averaging server does to a batch that is sent as it is; else the test above would prove nothing.
    @Test func withoutCompensationTheGradientsDiffer() async throws {
        let summing = try await Side(.embedded, averages: false)
        let averaging = try await Side(.embedded, averages: true)
        let batch = Self.batch(.mask)
        let (left, right) = (
            try await summing.step(batch, .importanceSampling), try await averaging.step(batch, .importanceSampling)
        )
        #expect(abs(left.norm - right.norm) > 0.1 * left.norm)
        await summing.stop()
        await averaging.stop()
    }

    @Test(arguments: [false, true]) func theProbeTellsThemApart(averages: Bool) async throws {
        let side = try await Side(averages ? .embedded : .skyRL, averages: averages)
        let record = try await BackendProbe.run(
            side.endpoint, transport: HTTPClient(), baseModel: "tiny", loraRank: nil)
        await side.stop()
        let expected = averages ? BackendProfile.LossReduction.meanOfDatumMeans : .tokenSum
        #expect(record.profile.lossReduction == expected, "\(record.origin(of: .lossReduction))")
        #expect(record.profile.honoursGradientClip == !averages, "\(record.origin(of: .gradientClip))")
        #expect(record.profile.isIdempotent)
        #expect(record.profile.policyWeights == .honoured)
        #expect(record.profile.logprobSpace == .raw)
        #expect(record.profile.promptLogprobs == .leadingNull)
        #expect(record.profile.seedConvention == .seedPlusIndex)
        #expect(record.profile.clipConvention == .absoluteRatios)
        #expect(record.profile.trainsAllParameters == true)
        #expect(record.profile.losses.isSuperset(of: ["cross_entropy", "importance_sampling", "ppo"]))
    }
}
