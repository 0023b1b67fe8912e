import Agents
import Backends
import Evaluation
import Foundation
import Primitives
import Storage
import Synchronization
import Transport

/// A number of episodes, so many at a time, against one kind of sampler.
struct RolloutsLoad: Sendable {
    enum Kind: Sendable {
        case atOnce
        /// Mean of the log-normal waits, in seconds.
        case waiting(mean: Double)
        case http(url: String)
    }

    struct Cost: Sendable {
        /// Seconds of each episode.
        var processor: Double
        var perSecond: Double
        /// Of the process, in bytes.
        var peakMemory: Double
    }

    var kind: Kind
    var turns: Int
    var inFlight: Int
    var episodes: Int

    var isWaiting: Bool { if case .waiting = kind { true } else { false } }

    var name: String {
        let how =
            switch kind {
            case .atOnce: "in process"
            case .waiting: "in process, waits"
            case .http: "over HTTP"
            }
        return "\(turns == 1 ? "single turn" : "with tools") \(how), \(inFlight) in flight"
    }

    /// Plays, scores and writes all episodes as a step of a run does.
    func run(_ workload: RolloutsWorkload) async throws -> Cost {
        let sampler = sampler(workload)
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        ProcessMemory.resetPeak()
        let start = ContinuousClock.now
        let before = ProcessorTime.now
        let next = EpisodeCounter()
        let scored = try await withThrowingTaskGroup(of: [(Int, ScoredEpisode)].self) { group in
            for _ in 0..<min(inFlight, episodes) {
                group.addTask {
                    var mine: [(Int, ScoredEpisode)] = []
                    while true {
                        let number = next.next()
                        guard number < episodes else { return mine }
                        mine.append((number, try await episode(number, workload, sampler)))
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let rows = scored.sorted { $0.0 < $1.0 }.map { number, scored in row(number, scored) }
        try JSONLines.write(rows, toZstandard: "\(directory)/rollouts.jsonl.zst")
        let processor = ProcessorTime.now - before
        guard scored.allSatisfy({ $0.1.isCorrect }) else {
            throw PythonPeer.Failure(description: "an episode of the benchmark was not graded correct")
        }
        return Cost(
            processor: processor / Double(episodes),
            perSecond: Double(episodes) / start.duration(to: .now).seconds, peakMemory: ProcessMemory.peak ?? 0)
    }

    private func episode(
        _ number: Int, _ workload: RolloutsWorkload, _ sampler: any PolicySampler
    ) async throws -> ScoredEpisode {
        let question = workload.question(number)
        let key = EpisodeKey(seed: 1, stage: .reinforcement, step: 0, group: number / 8, sample: number % 8)
        let episode = try await workload.environment.episode(
            for: question, sampler: sampler, temperature: 1, key: key)
        let reward = try await workload.environment.reward(for: episode, question: question)
        return ScoredEpisode(questionID: question.id, episode: episode, reward: reward)
    }

    /// As `rollouts/NNNNNN.jsonl.zst` has it.
    private func row(_ number: Int, _ scored: ScoredEpisode) -> JSONValue {
        var row: JSONObject = [
            "stage": "reinforcement", "step": 0, "group": .integer(number / 8), "sample": .integer(number % 8),
            "policy_version": .integer(scored.episode.policyVersion), "advantage": 0.5, "trained": true,
        ]
        for (key, value) in scored.json.objectValue?.members ?? [] { row[key] = value }
        return .object(row)
    }

    private func sampler(_ workload: RolloutsWorkload) -> any PolicySampler {
        switch kind {
        case .atOnce: CannedSampler(workload: workload, turns: turns, meanWait: nil)
        case .waiting(let mean): CannedSampler(workload: workload, turns: turns, meanWait: mean)
        case .http(let url): HTTPTokenSampler(url: url, connections: inFlight)
        }
    }
}

/// Hands out the numbers of episodes.
private final class EpisodeCounter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).oldValue }
}

/// A policy whose turns were written beforehand; which one is due, the prompt tells.
struct CannedSampler: PolicySampler {
    let policyVersion = 0
    let workload: RolloutsWorkload
    let turns: Int
    /// In seconds; `nil` for an answer at once.
    let meanWait: Double?

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        if let meanWait {
            var random = CounterRandom(seed: UInt64(bitPattern: parameters.seed), stage: .sampling)
            // Box and Muller (1958).
            let radius = (-2 * log(max(random.uniform(), 1e-12))).squareRoot()
            let normal = radius * cos(2 * .pi * random.uniform())
            try await Task.sleep(for: .seconds(meanWait * exp(normal - 0.5)))
        }
        let past = prompt.count { $0 == workload.responseMark }
        return [past + 1 < turns ? workload.search : workload.answer]
    }
}

/// Asks for tokens in the form of vLLM's `/inference/v1/generate`.
struct HTTPTokenSampler: PolicySampler {
    let policyVersion = 0
    private let url: String
    private let client: HTTPClient

    init(url: String, connections: Int) {
        self.url = url + "/inference/v1/generate"
        client = HTTPClient(configuration: HTTPClientConfiguration(maximumConnections: connections))
    }

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        let body: JSONValue = [
            "token_ids": .tokens(prompt),
            "sampling_params": [
                "max_tokens": .integer(parameters.maxTokens), "temperature": .number(parameters.temperature),
                "seed": .integer(parameters.seed), "logprobs": 0, "stop_token_ids": .tokens(parameters.stopTokens),
            ],
        ]
        let response = try await client.send(
            HTTPRequest(
                method: "POST", url: url, headers: [("Content-Type", "application/json")], body: body.serialized(),
                timeout: .seconds(600)))
        let choices = try JSONValue.parse(response.body).array(at: "choices")
        return try choices.map { choice in
            let logprobs = try (choice["logprobs"] ?? .null).array(at: "content").map {
                Float(try $0.double(at: "logprob"))
            }
            return SampledSequence(tokens: try choice.tokens(at: "token_ids"), logprobs: logprobs, stopReason: .stop)
        }
    }
}
