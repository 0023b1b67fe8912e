import Foundation
import Testing

/// Sessions are lost between client and server; every run ends as if they had not been, and no training request is executed
/// twice in what counts.
@Suite(.serialized)
struct RestartTests {
    /// A server without idempotency, as far as the client knows.
    private static let forgetful = "probe: false\nprofile: {idempotent: false}"

    /// Rewards differ between the answers of a group, so that every reinforcement step trains: 3 + 3 optimizer steps.
    private static let varied = "rl:\n  reward:\n    task: 3\n    repetition: {weight: 1, ngram: 2}"

    /// What every run must end with: that of one which nothing disturbed.
    private static let reference = Result { () throws -> (rewards: Data, weights: Data) in
        let served = try ServedWalk(backend: forgetful, extra: varied)
        let outcome = try served.train()
        #expect(outcome.code == 0, "\(outcome.errors)")
        return (try served.walk.contents("rewards.csv"), try served.finalWeights())
    }

    struct Loss: Sendable, CustomTestStringConvertible {
        var name: String
        var path: String
        /// Which requests to the path lose their answers, from 0.
        var numbers: Set<Int>
        var testDescription: String { name }
    }

    static let losses = [
        Loss(name: "before the first manifest", path: "forward_backward", numbers: [0]),
        Loss(name: "a gradient of the first stage", path: "forward_backward", numbers: [2]),
        Loss(name: "an optimizer step of the second stage", path: "optim_step", numbers: [4]),
        Loss(name: "a checkpoint", path: "save_weights", numbers: [1]),
        Loss(name: "a sampler", path: "save_weights_for_sampler", numbers: [3]),
        Loss(name: "several", path: "optim_step", numbers: [1, 3, 6]),
    ]

    @Test(arguments: losses) func aRequestWhoseFateIsUnknownEndsTheAttemptOnly(loss: Loss) throws {
        let reference = try Self.reference.get()
        var proxy: CuttingProxy?
        let served = try ServedWalk(backend: Self.forgetful, extra: Self.varied) { port in
            let cutting = try CuttingProxy(to: port) { $0 == loss.path && loss.numbers.contains($1) }
            proxy = cutting
            return cutting.url
        }
        defer { proxy?.stop() }
        let outcome = try served.train()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(proxy?.cutCount == loss.numbers.count)
        #expect(outcome.errors.contains("attempt 1 ended"), "\(outcome.errors)")
        #expect(outcome.errors.contains("whether the backend ran it is unknown"), "\(outcome.errors)")
        #expect(served.walk.exists("logs/attempt-\(loss.numbers.count + 1).log"))
        #expect(try served.walk.contents("rewards.csv") == reference.rewards)
        #expect(try served.finalWeights() == reference.weights)
    }

    @Test func aServerThatWasRestartedIsGivenTheLastManifest() throws {
        let reference = try Self.reference.get()
        let served = try ServedWalk(backend: "probe: false", extra: Self.varied)
        let running = try served.start()
        while running.isRunning && !served.walk.exists("manifests/000001.rl.json") {
            Thread.sleep(forTimeInterval: 0.005)
        }
        try served.restartServer()
        let outcome = running.wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("goes on from manifest"), "\(outcome.errors)")
        #expect(try served.walk.contents("rewards.csv") == reference.rewards)
        #expect(try served.finalWeights() == reference.weights)
    }

    @Test func withoutRestartsTheRunStopsAndSaysHowToGoOn() throws {
        let reference = try Self.reference.get()
        var proxy: CuttingProxy?
        let served = try ServedWalk(backend: Self.forgetful + "\nrestarts: 0", extra: Self.varied) { port in
            let cutting = try CuttingProxy(to: port) { $0 == "optim_step" && $1 == 4 }
            proxy = cutting
            return cutting.url
        }
        defer { proxy?.stop() }
        let stopped = try served.train()
        #expect(stopped.code == 4)
        #expect(
            stopped.errors.contains("resume Runs/walk") || stopped.errors.contains("/Runs/walk"), "\(stopped.errors)")
        #expect(!served.walk.exists("logs/attempt-2.log"))
        #expect(try served.resume().code == 0)
        #expect(try served.walk.contents("rewards.csv") == reference.rewards)
    }

    @Test func attemptsWithoutProgressAreLimited() throws {
        var proxy: CuttingProxy?
        let served = try ServedWalk(backend: Self.forgetful + "\nrestarts: 2", extra: Self.varied) { port in
            let cutting = try CuttingProxy(to: port) { path, earlier in path == "optim_step" && earlier >= 2 }
            proxy = cutting
            return cutting.url
        }
        defer { proxy?.stop() }
        let outcome = try served.train()
        #expect(outcome.code == 4)
        #expect(outcome.errors.contains("3 attempts in a row ended without a new manifest"), "\(outcome.errors)")
        #expect(served.walk.exists("logs/attempt-3.log"))
        #expect(!served.walk.exists("logs/attempt-4.log"))
        #expect(proxy?.cutCount == 3)
    }
}
