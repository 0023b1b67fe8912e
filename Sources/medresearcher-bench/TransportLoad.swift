import Foundation
import Primitives
import Synchronization
import Transport

/// Requests that keep a number of slots busy, and what they cost.
struct TransportLoad: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case small, logprobs

        var label: String { self == .small ? "1.6 KB" : "28 KB of logprobs" }
    }

    /// What one load cost its client.
    struct Cost: Sendable {
        /// Processor seconds of the process per request.
        var processor: Double
        /// The 99th percentile of what the client added to the server's time, in seconds.
        var addedLatency: Double
        /// Wall seconds of the whole load.
        var makespan: Double
    }

    var kind: Kind
    var slots: Int
    /// The server's time for each request, in microseconds; requests begin in this order.
    var waits: [Int]
    /// Whether the time of the whole is compared with that of an ideal schedule.
    var isScheduled = false

    /// Whether the server takes its time.
    var isPaced: Bool { waits.contains { $0 > 0 } }

    /// The server answers at once, so that the client never rests.
    static func saturating(_ kind: Kind, slots: Int, count: Int) -> TransportLoad {
        TransportLoad(kind: kind, slots: slots, waits: Array(repeating: 0, count: count))
    }

    /// Waits spread evenly around a mean that makes a thousand requests a second of any number of slots, so that the
    /// client's processor has time to spare.
    static func steady(_ kind: Kind, slots: Int, count: Int) -> TransportLoad {
        let waits = (0..<count).map { number in
            var random = CounterRandom(seed: 11, stage: .evaluation, sample: number)
            return Int(Double(slots) * 1000 * (0.5 + random.uniform()))
        }
        return TransportLoad(kind: kind, slots: slots, waits: waits)
    }

    /// Log-normal waits with a mean of 100 ms and σ = 1.
    static func logNormal(slots: Int, count: Int) -> TransportLoad {
        let waits = (0..<count).map { number in
            var random = CounterRandom(seed: 12, stage: .evaluation, sample: number)
            let (radius, angle) = (random.uniform(), random.uniform())
            let normal = (-2 * log(1 - radius)).squareRoot() * cos(2 * .pi * angle)
            return Int(100_000 * exp(normal - 0.5))
        }
        return TransportLoad(kind: .small, slots: slots, waits: waits, isScheduled: true)
    }

    /// The makespan of list scheduling with no cost at all: each request, in order, in the slot that is free first.
    var idealMakespan: Double {
        var ends = [Int](repeating: 0, count: slots)
        for wait in waits {
            let slot = ends.indices.min { ends[$0] < ends[$1] } ?? 0
            ends[slot] += wait
        }
        return Double(ends.max() ?? 0) * 1e-6
    }

    func run(_ client: HTTPClient, url: String) async throws -> Cost {
        let tickets = Tickets()
        let (start, processorStart) = (ContinuousClock.now, ProcessorTime.now)
        let added = try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<slots {
                group.addTask {
                    var added: [Double] = []
                    while true {
                        let number = tickets.next
                        guard number < waits.count else { return added }
                        let begin = ContinuousClock.now
                        try await exchange(client, url: url, wait: waits[number])
                        added.append(begin.duration(to: .now).seconds - Double(waits[number]) * 1e-6)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Cost(
            processor: (ProcessorTime.now - processorStart) / Double(waits.count),
            addedLatency: added.sorted()[min(added.count - 1, added.count * 99 / 100)],
            makespan: start.duration(to: .now).seconds)
    }

    /// One chat completion: the request written, the answer parsed, and what training needs taken out.
    private func exchange(_ client: HTTPClient, url: String, wait: Int) async throws {
        let request = HTTPRequest(
            method: "POST", url: "\(url)/\(kind.rawValue)/v1/chat/completions?wait=\(wait)", headers: Self.headers,
            body: Self.body.serialized(), timeout: .seconds(600))
        let response = try await client.send(request)
        guard response.status == 200 else { throw PythonPeer.Failure(description: "status \(response.status)") }
        guard let choice = try JSONValue.parse(response.body).array(at: "choices").first else {
            throw PythonPeer.Failure(description: "an answer without a choice")
        }
        consume(try choice["message"]?.string(at: "content"))
        guard kind == .logprobs, let logprobs = choice["logprobs"] else { return }
        let values = try logprobs.array(at: "content").map { Float(try $0.double(at: "logprob")) }
        let tokens = try choice.tokens(at: "token_ids")
        guard values.count == CannedAnswers.tokenCount, tokens.count == values.count else {
            throw PythonPeer.Failure(description: "\(values.count) log-probabilities and \(tokens.count) tokens")
        }
    }

    private static let headers = [("Content-Type", "application/json"), ("Authorization", "Bearer benchmark")]

    /// What every client sends.
    static let body: JSONValue = [
        "model": "mock",
        "messages": [
            ["role": "system", "content": "You are a careful assistant."],
            ["role": "user", "content": .string(String(repeating: "What is 6*7? ", count: 20))],
        ],
        "max_tokens": 512, "temperature": 1.0,
    ]
}

/// The numbers from 0 on, each given out once.
private final class Tickets: Sendable {
    private let count = Atomic(0)

    var next: Int { count.add(1, ordering: .relaxed).oldValue }
}
