import Foundation
import Primitives
import Reporting
import Storage
import Testing
import Training

@Suite(.serialized)
struct WholeWalkTests {
    @Test func aRunLeavesItsCurveEpisodesAndManifests() throws {
        let walk = try ShortWalk()
        let outcome = try walk.train()
        #expect(outcome.code == 0, "\(outcome.errors)")
        let lines = String(decoding: try walk.contents("rewards.csv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1 + 1 + 3 + 3, "header, the base's evaluation, three steps of each stage")
        #expect(lines[0] + "\n" == RewardCurveCSV.header)
        for file in [
            "recipe.yaml", "lock.json", "reward_curve.svg", "manifests/000003.sft.json", "manifests/000003.rl.json",
            "dataset/questions.jsonl.zst", "dataset/supervised.jsonl.zst", "model/model.safetensors",
            "model/tokenizer.json",
        ] {
            #expect(walk.exists(file), "\(file)")
        }
        let episodes = try JSONLines.read(walk.directory + "/Runs/walk/rollouts/000003.jsonl.zst")
        #expect(episodes.count == 12)
        for part in ["held-out", "Runs/walk/rewards.csv", "report Runs/walk"] { #expect(outcome.output.contains(part)) }
    }

    @Test func neitherConcurrencyNorThreadsChangeTheResult() throws {
        let wide = try ShortWalk()
        let narrow = try ShortWalk()
        #expect(try wide.train().code == 0)
        #expect(try narrow.train(["--set", "agent.concurrency=1", "--set", "backend.threads=1"]).code == 0)
        #expect(try wide.contents("rewards.csv") == narrow.contents("rewards.csv"))
        #expect(try wide.contents("rollouts/000003.jsonl.zst") == narrow.contents("rollouts/000003.jsonl.zst"))
    }

    /// Kills at ten points spread over the run, each shifted at random, and compares with the uninterrupted run.
    @Test func aKilledRunEndsAsIfNothingHadHappened() throws {
        let reference = try ShortWalk()
        let began = Date()
        #expect(try reference.train().code == 0)
        let duration = Date().timeIntervalSince(began)
        for point in 0..<10 {
            var random = CounterRandom(seed: 11, stage: .evaluation, step: point)
            let delay = duration * (Double(point) + random.uniform()) / 10
            let walk = try ShortWalk()
            let running = try walk.start()
            Thread.sleep(forTimeInterval: delay)
            running.send(SIGKILL)
            _ = running.wait()
            let outcome = try walk.continueToTheEnd()
            #expect(outcome.code == 0, "killed after \(delay) s: \(outcome.errors)")
            #expect(
                try walk.contents("rewards.csv") == reference.contents("rewards.csv"), "killed after \(delay) s")
            #expect(try walk.metrics() == reference.metrics(), "killed after \(delay) s")
        }
    }

    @Test func anInterruptedRunSaysHowToGoOnAndEndsTheSame() throws {
        let reference = try ShortWalk()
        #expect(try reference.train().code == 0)
        let walk = try ShortWalk()
        let running = try walk.start()
        while running.isRunning && !walk.exists("manifests/000001.rl.json") { Thread.sleep(forTimeInterval: 0.005) }
        running.send(SIGINT)
        let stopped = running.wait()
        #expect(stopped.code == 130)
        #expect(stopped.errors.contains("resume "), "\(stopped.errors)")
        #expect(try walk.resume().code == 0)
        #expect(try walk.contents("rewards.csv") == reference.contents("rewards.csv"))
    }

    @Test func resumingAFinishedRunHasNothingToDo() throws {
        let walk = try ShortWalk()
        #expect(try walk.train().code == 0)
        let before = try walk.contents("metrics.jsonl")
        let outcome = try walk.resume()
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("nothing to do"))
        #expect(try walk.contents("metrics.jsonl") == before)
    }

    @Test func exportPrintsTheCurve() throws {
        let walk = try ShortWalk()
        #expect(try walk.train().code == 0)
        let outcome = try Program.run(["export", "Runs/walk", "--format", "csv"], in: walk.directory)
        #expect(outcome.code == 0)
        #expect(Data(outcome.output.utf8) == (try walk.contents("rewards.csv")))
    }
}
