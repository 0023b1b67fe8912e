import Primitives
import Synchronization
import Testing

@testable import Backends

@Suite("Limits of chat models")
struct ChatLimitTests {
    private let start = ContinuousClock.now

    @Test("A bucket lets a burst through and then makes takers wait their turn at its rate")
    func bucket() {
        var bucket = TokenBucket(perMinute: 60, now: start)
        let delays = (0..<13).map { _ in bucket.take(1, now: start) }
        #expect(delays[..<10].allSatisfy { $0 == .zero })
        for (position, delay) in delays[10...].enumerated() { #expect(delay == .seconds(position + 1)) }
    }

    @Test("No more is taken in any span than the burst and the rate allow")
    func rate() {
        var random = CounterRandom(seed: 5, stage: .evaluation)
        var bucket = TokenBucket(perMinute: 600, now: start)
        var now = start
        var served: [(time: Duration, amount: Double)] = []
        for _ in 0..<500 {
            now = now.advanced(by: .milliseconds(random.integer(below: 300)))
            let amount = Double(1 + random.integer(below: 40))
            served.append((start.duration(to: now) + bucket.take(amount, now: now), amount))
        }
        #expect(zip(served, served.dropFirst()).allSatisfy { $0.time <= $1.time + .microseconds(1) })
        var total = 0.0
        for (time, amount) in served {
            total += amount
            let elapsed = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
            #expect(total <= 100 + 10 * elapsed + 1e-6)
        }
    }

    @Test("What was estimated too high is given back")
    func settling() {
        var bucket = TokenBucket(perMinute: 600, now: start)
        _ = bucket.take(100, now: start)
        bucket.give(60, now: start)
        #expect(bucket.take(60, now: start) == .zero)
        #expect(bucket.take(10, now: start) == .seconds(1))
    }

    private final class Counting: ChatModel {
        let name = "counting"
        let asked = Mutex(0)
        let usage: TokenUsage?

        init(usage: TokenUsage?) { self.usage = usage }

        func answer(
            _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
        ) async throws(BackendError) -> ChatAnswer {
            asked.withLock { $0 += 1 }
            return ChatAnswer(message: Message(role: .assistant, content: "yes"), usage: usage)
        }
    }

    @Test("A request that could break the limit is not sent")
    func spendLimit() async throws {
        let inner = Counting(usage: TokenUsage(promptTokens: 0, completionTokens: 100_000))
        let spending = SpendLimit(limit: 1, price: TokenPrice(prompt: 0, completion: 4))
        let model = LimitedChatModel(inner, spending: spending)
        // Each answer costs $0.40 and can cost at most $0.60.
        let request = ChatRequest(system: "s", user: "u", maximumTokens: 150_000)
        _ = try await model.answer(request)
        #expect(abs(spending.spent - 0.4) < 1e-12)
        _ = try await model.answer(request)
        await #expect {
            try await model.answer(request)
        } throws: {
            if case BackendError.spendLimitReached = $0 { "\($0)".contains("$0.8000") } else { false }
        }
        #expect(inner.asked.withLock { $0 } == 2)
    }

    @Test("A server that does not count is paid the most that it can ask")
    func uncounted() async throws {
        let spending = SpendLimit(limit: 100, price: TokenPrice(prompt: 0, completion: 10))
        let model = LimitedChatModel(Counting(usage: nil), spending: spending)
        _ = try await model.answer(ChatRequest(system: "s", user: "u", maximumTokens: 1000))
        #expect(abs(spending.spent - 0.01) < 1e-12)
    }

    @Test("Concurrent requests never overspend")
    func concurrent() async throws {
        let inner = Counting(usage: TokenUsage(promptTokens: 0, completionTokens: 1000))
        let spending = SpendLimit(limit: 0.05, price: TokenPrice(prompt: 0, completion: 1))
        let model = LimitedChatModel(inner, concurrency: 8, spending: spending)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    _ = try? await model.answer(ChatRequest(system: "s", user: "u", maximumTokens: 1000))
                }
            }
        }
        #expect(spending.spent <= 0.05 + 1e-12)
        #expect(inner.asked.withLock { $0 } == 50)
    }
}
