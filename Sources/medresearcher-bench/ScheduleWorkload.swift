import Foundation
import Primitives

/// A reinforcement run in which only time passes: how long each episode and each training step takes.
struct ScheduleWorkload: Sendable {
    var steps = 14
    var questionsPerStep = 32
    var groupSize = 8
    /// Episodes that can be in flight at a time.
    var slots = 256
    /// The mean duration of an episode, and of one step of the trainer, in seconds.
    var episodeSeconds = 0.1
    var trainSeconds = 0.1
    /// The standard deviation of the logarithm of an episode's duration.
    var sigma = 1.0
    var staleness = 0
    var seed: UInt64 = 1

    var episodesPerStep: Int { questionsPerStep * groupSize }
    var episodes: Int { steps * episodesPerStep }

    /// How long an episode takes: log-normal, and a function of its place alone, so that every schedule of one workload
    /// plays the same episodes.
    func seconds(step: Int, place: Int, sample: Int) -> Double {
        var random = CounterRandom(
            seed: seed, stage: .evaluation, step: step, group: place, sample: sample, turn: Int(sigma * 1000))
        let (u, v) = (1 - random.uniform(), random.uniform())
        let normal = (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
        return episodeSeconds * exp(sigma * normal - sigma * sigma / 2)
    }

    /// The durations of a step's episodes, in the order in which they are started.
    func seconds(step: Int) -> [Double] {
        (0..<questionsPerStep).flatMap { place in
            (0..<groupSize).map { seconds(step: step, place: place, sample: $0) }
        }
    }
}

/// What a schedule made of a workload.
struct ScheduleResult: Sendable {
    /// From the first request to the end of the last training step.
    var seconds: Double
    /// The seconds in which the trainer trained, and those of all episodes together.
    var trainingSeconds: Double
    var episodeSeconds: Double

    func trainerBusy() -> Double { trainingSeconds / seconds }
    func rollouterBusy(_ workload: ScheduleWorkload) -> Double {
        episodeSeconds / (Double(workload.slots) * seconds)
    }
    func episodesPerSecond(_ workload: ScheduleWorkload) -> Double { Double(workload.episodes) / seconds }
}
