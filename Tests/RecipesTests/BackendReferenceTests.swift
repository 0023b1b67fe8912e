import Backends
import EmbeddedBackend
import Foundation
import Testing

@testable import Recipes

/// A second model on a run's backend, with which the trained one is compared.
@Suite(.serialized) struct BackendReferenceTests {
    private static let lesson = Datum(supervised: [1, 5, 9, 13, 17], weights: [0, 0, 1, 1, 1])

    /// Connections to embedded backends of one tiny model.
    private final class Fixture {
        let root = NSTemporaryDirectory() + "medresearcher-reference-" + UUID().uuidString
        var base: String { root + "/base" }

        init() throws {
            let shape = DecoderConfiguration(
                vocabularySize: 64, hiddenSize: 32, intermediateSize: 64, layerCount: 2, headCount: 2,
                keyValueHeadCount: 1, headSize: 16, ropeTheta: 10_000, maximumPositions: 128, endOfTextToken: 63)
            try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
            try DecoderWeights.random(shape, seed: 1).save(directory: base)
        }

        func remove() { try? FileManager.default.removeItem(atPath: root) }
        func checkpoints(_ run: String) -> String { "\(root)/\(run)/checkpoints" }

        func open(
            rank: Int, run: String = "run", profile: BackendProfile = .embedded
        ) async throws -> BackendConnection {
            let recipe = try RecipeTests.read(
                """
                name: tiny
                model:
                  base: \(base)
                  lora_rank: \(rank)
                backend:
                  threads: 1
                knowledge:
                  graph: graph
                rl:
                  steps: 2
                """)
            return try await BackendConnection.open(
                recipe, directories: .init(model: base, checkpoints: checkpoints(run)), profile: profile,
                notice: { _ in })
        }
    }

    private static func teach(_ connection: BackendConnection) async throws {
        for _ in 0..<3 {
            _ = try await connection.trainer.trainStep(
                [lesson], loss: .crossEntropy, optimizer: AdamParameters(learningRate: 0.02))
        }
    }

    private static func problem(_ open: () async throws -> any ReferencePolicy) async -> String {
        do {
            _ = try await open()
            return "none"
        } catch let error as RecipeError {
            return error.problems.map(\.description).joined(separator: "\n")
        } catch {
            return "another error: \(error)"
        }
    }

    @Test(arguments: [0, 4]) func theBaseModelAndAStateStayWhatTheyAre(rank: Int) async throws {
        let fixture = try Fixture()
        defer { fixture.remove() }
        let connection = try await fixture.open(rank: rank)
        let untrained = try await connection.trainer.forward([Self.lesson])
        try await Self.teach(connection)
        let state = try await connection.trainer.saveState(named: "taught")
        let taught = try await connection.trainer.forward([Self.lesson])
        let base = try await connection.openReference(.base)
        let stage = try await connection.openReference(.state(state))
        try await Self.teach(connection)
        #expect(try await base.logprobs([Self.lesson]) == untrained)
        #expect(try await stage.logprobs([Self.lesson]) == taught)
        #expect(try await connection.trainer.forward([Self.lesson]) != taught)
        #expect(untrained != taught)
        await connection.close()
    }

    @Test(arguments: [0, 4]) func aStateOfAnotherRunIsTakenOver(rank: Int) async throws {
        let fixture = try Fixture()
        defer { fixture.remove() }
        let teacher = try await fixture.open(rank: rank, run: "teacher")
        try await Self.teach(teacher)
        let state = try await teacher.trainer.saveState(named: "taught")
        let taught = try await teacher.trainer.forward([Self.lesson])
        await teacher.close()
        let kind = ReferenceKind.state(state, checkpoints: fixture.checkpoints("teacher"))
        // The second attempt finds the copy of the first.
        for _ in 0..<2 {
            let connection = try await fixture.open(rank: rank)
            let reference = try await connection.openReference(kind)
            #expect(try await reference.logprobs([Self.lesson]) == taught)
            await connection.close()
        }
        let adopted = try FileManager.default.contentsOfDirectory(atPath: fixture.checkpoints("run")).filter {
            $0.hasPrefix("adopted-")
        }
        #expect(adopted.count == 1)
    }

    @Test func whatTheBackendHasNoPlaceForIsSaidAtTheKey() async throws {
        let fixture = try Fixture()
        defer { fixture.remove() }
        var profile = BackendProfile.embedded
        profile.adapterSlots = 1
        let full = try await fixture.open(rank: 0, profile: profile)
        let slots = await Self.problem { try await full.openReference(.base) }
        #expect(slots.contains("rl.kl.reference") && slots.contains("adapter_slots"), "\(slots)")
        await full.close()

        let connection = try await fixture.open(rank: 4)
        let missing = await Self.problem {
            try await connection.openReference(.state("tinker://model_000009/weights/none"))
        }
        #expect(missing.contains("rl.kl.reference") && missing.contains("model_000009"), "\(missing)")
        await connection.close()
    }
}
