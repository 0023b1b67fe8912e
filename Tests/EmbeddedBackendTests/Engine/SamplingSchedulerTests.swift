import Foundation
import Testing

@testable import EmbeddedBackend

/// What the scheduler gives a worker to do, without a model: the worker here draws token 1 always.
struct SamplingSchedulerTests {
    typealias Request = SamplingEngine.Request

    static let shape = DecoderConfiguration(
        vocabularySize: 64, hiddenSize: 4, intermediateSize: 4, layerCount: 1, headCount: 1, keyValueHeadCount: 1,
        headSize: 2, ropeTheta: 10_000, maximumPositions: 4096, endOfTextToken: 0)

    struct Outcome: Sendable {
        let stream: AsyncThrowingStream<SamplingEngine.Completion, any Error>
        var value: SamplingEngine.Completion {
            get async throws {
                for try await completion in stream { return completion }
                throw CancellationError()
            }
        }
    }

    /// A scheduler whose passes a test carries out by hand.
    final class Bench: Sendable {
        let scheduler: SequenceScheduler

        init(pages: Int, workers: Int = 1) {
            scheduler = SequenceScheduler(
                store: PageStore(layout: .init(SamplingSchedulerTests.shape), capacity: pages), limit: 4096,
                workers: workers)
        }

        /// Submits a request; its outcome can be awaited.
        func submit(_ request: Request) -> (ticket: Int, result: Outcome) {
            let ticket = scheduler.nextTicket()
            let (stream, continuation) = AsyncThrowingStream<SamplingEngine.Completion, any Error>.makeStream()
            scheduler.submit(request, ticket: ticket) { result in
                if case .success(let completion) = result { continuation.yield(completion) }
                if case .failure(let error) = result { continuation.finish(throwing: error) }
            }
            return (ticket, Outcome(stream: stream))
        }

        /// Carries out a worker's next pass; returns tokens computed by ticket, 0 for a draw alone.
        @discardableResult
        func step(_ worker: Int = 0) -> [Int: Int] { scheduler.next(worker).map(carryOut) ?? [:] }

        /// Carries out all passes of worker 0 on a thread until the scheduler is stopped.
        func drive() {
            Thread { [self] in while let pass = scheduler.next(0) { _ = carryOut(pass) } }.start()
        }

        private func carryOut(_ pass: SequenceScheduler.Pass) -> [Int: Int] {
            var done: [Int: Int] = [:]
            for piece in pass.pieces {
                piece.sequence.pendingCopy = nil
                piece.sequence.cache.count += piece.count
                done[piece.sequence.ticket] = piece.count
                if piece.keepsFinalState { piece.sequence.computedState = FloatBuffer(count: 4) }
            }
            for sequence in pass.starts {
                sequence.pendingCopy = nil
                done[sequence.ticket] = 0
            }
            for sequence in pass.starts + pass.pieces.map(\.sequence) where sequence.pendingCount == 0 {
                sequence.append(.init(token: 1, logprob: 0, top: []))
            }
            return done
        }
    }

    static func prompt(_ count: Int, first: Int32 = 0) -> [Int32] { [first] + Array(repeating: 2, count: count - 1) }

    @Test func aLongPromptComesInPiecesBesideRunningSequences() {
        let bench = Bench(pages: 1000)
        let short = bench.submit(.init(prompt: Self.prompt(3, first: 5), maxTokens: 100))
        #expect(bench.step() == [short.ticket: 3])
        let long = bench.submit(.init(prompt: Self.prompt(1000), maxTokens: 2))
        var computed = 0
        while computed < 1000 {
            let pass = bench.step()
            #expect(pass[short.ticket] == 1)
            let piece = pass[long.ticket] ?? 0
            #expect(1...64 ~= piece)
            computed += piece
        }
        #expect(bench.step() == [short.ticket: 1, long.ticket: 1])
    }

    @Test func promptsAreComputedInTheOrderOfArrival() {
        let bench = Bench(pages: 1000)
        let tickets = (0..<3).map { bench.submit(.init(prompt: Self.prompt(400, first: $0), maxTokens: 5)).ticket }
        #expect(bench.step() == [tickets[0]: 400, tickets[1]: 112])
        let second = bench.step()
        #expect(second[tickets[0]] == 1 && second[tickets[1]] == 64)
    }

    @Test func sequencesOfAGroupWaitForTheFirstAndStartTogether() {
        let bench = Bench(pages: 1000)
        let tickets = (0..<4).map { _ in bench.submit(.init(prompt: Self.prompt(40), maxTokens: 5)).ticket }
        #expect(bench.step() == [tickets[0]: 40])
        #expect(bench.step() == [tickets[0]: 1, tickets[1]: 0, tickets[2]: 0, tickets[3]: 0])
        #expect(bench.step() == [tickets[0]: 1, tickets[1]: 1, tickets[2]: 1, tickets[3]: 1])
        #expect(bench.scheduler.statistics.computedPromptTokens == 40)
    }

    @Test func aFollowerTakesOverWhenTheFirstIsCancelled() async {
        let bench = Bench(pages: 1000)
        let first = bench.submit(.init(prompt: Self.prompt(600), maxTokens: 5))
        let second = bench.submit(.init(prompt: Self.prompt(600), maxTokens: 5))
        #expect(bench.step() == [first.ticket: 512])
        bench.scheduler.cancel(first.ticket)
        #expect(bench.step() == [second.ticket: 88])
        await #expect(throws: CancellationError.self) { try await first.result.value }
    }

    @Test func cancellationFreesThePlaceBetweenTokens() async {
        let bench = Bench(pages: 1000)
        let first = bench.submit(.init(prompt: Self.prompt(10), maxTokens: 50))
        let second = bench.submit(.init(prompt: Self.prompt(10, first: 7), maxTokens: 50))
        bench.step()
        bench.scheduler.cancel(first.ticket)
        #expect(bench.step() == [second.ticket: 1])
        #expect(bench.scheduler.statistics.running == 1)
        await #expect(throws: CancellationError.self) { try await first.result.value }
    }

    @Test func aRequestThatWaitsCanBeCancelled() async {
        let bench = Bench(pages: 10)
        let first = bench.submit(.init(prompt: Self.prompt(100), maxTokens: 50))
        bench.step()
        let second = bench.submit(.init(prompt: Self.prompt(100, first: 3), maxTokens: 50))
        bench.step()
        #expect(bench.scheduler.statistics.waiting == 1)
        bench.scheduler.cancel(second.ticket)
        #expect(bench.step() == [first.ticket: 1])
        #expect(bench.scheduler.statistics.waiting == 0)
        await #expect(throws: CancellationError.self) { try await second.result.value }
    }

    @Test func stoppingFailsWhatRunsAndWhatWaits() async {
        let bench = Bench(pages: 10)
        let first = bench.submit(.init(prompt: Self.prompt(100), maxTokens: 50))
        bench.step()
        let second = bench.submit(.init(prompt: Self.prompt(100, first: 3), maxTokens: 50))
        bench.scheduler.stop()
        #expect(bench.scheduler.next(0) == nil)
        await #expect(throws: EngineError.stopped) { try await first.result.value }
        await #expect(throws: EngineError.stopped) { try await second.result.value }
    }

    @Test func theYoungestGivesWayAndIsContinued() async throws {
        let bench = Bench(pages: 12)
        let results = (0..<3).map { bench.submit(.init(prompt: Self.prompt(17, first: $0), maxTokens: 100)) }
        bench.drive()
        for (_, result) in results { #expect(try await result.value.tokens.count == 100) }
        bench.scheduler.stop()
        #expect(bench.scheduler.statistics.mostUsedPages <= 12)
        #expect(bench.scheduler.statistics.preemptions > 0)
    }

    @Test func whatCanNeverFitIsRefused() async {
        let bench = Bench(pages: 4)
        let result = bench.submit(.init(prompt: Self.prompt(65), maxTokens: 5)).result
        let fits = bench.submit(.init(prompt: Self.prompt(20, first: 1), maxTokens: 5))
        #expect(bench.step() == [fits.ticket: 20])
        await #expect(throws: EngineError.self) { try await result.value }
    }

    @Test func aSequenceThatOutgrowsTheMemoryFails() async {
        let bench = Bench(pages: 4)
        let result = bench.submit(.init(prompt: Self.prompt(60), maxTokens: 50)).result
        bench.drive()
        await #expect(throws: EngineError.self) { try await result.value }
        bench.scheduler.stop()
    }

    @Test func leastRecentlyUsedCachesGoFirst() {
        let bench = Bench(pages: 16)
        func run(_ first: Int32) -> Int {
            let before = bench.scheduler.statistics.computedPromptTokens
            _ = bench.submit(.init(prompt: Self.prompt(64, first: first), maxTokens: 1))
            bench.step()
            // Settles the finished sequence; the next request keeps the worker from waiting.
            return bench.scheduler.statistics.computedPromptTokens - before
        }
        #expect([1, 2, 3].map(run) == [64, 64, 64])
        #expect(run(1) == 0)
        #expect(run(4) == 64)
        #expect(run(5) == 64)
        #expect(run(1) == 0)
        #expect(run(2) > 0)
        #expect(bench.scheduler.statistics.mostUsedPages <= 16)
    }

    @Test func anIdleWorkerGetsHalfOfTheSequences() async {
        let bench = Bench(pages: 1000, workers: 2)
        let tickets = (0..<4).map { bench.submit(.init(prompt: Self.prompt(5, first: $0), maxTokens: 90)).ticket }
        let first = bench.step(0)
        let second = bench.step(1)
        #expect(first.count == 2 && second.count == 2)
        #expect(Set(first.keys).union(second.keys) == Set(tickets))
    }
}
