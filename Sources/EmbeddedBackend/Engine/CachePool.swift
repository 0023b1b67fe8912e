import Foundation

/// The caches of finished sequences, and the choice of a worker for each request.
///
/// Invariant: a cache is either idle in the pool, owned by the worker it belongs to, or in the hands of one sequence.
final class CachePool: @unchecked Sendable {
    /// A shorter common prefix is not worth a detour to a busier worker.
    private static let worthwhilePrefix = 16

    private let lock = NSLock()
    private let shape: DecoderConfiguration
    private let limit: Int
    private var idle: [[SequenceCache]]
    private var load: [Int]
    private var clock = 0

    init(shape: DecoderConfiguration, workerCount: Int, limit: Int) {
        self.shape = shape
        self.limit = limit
        idle = Array(repeating: [], count: workerCount)
        load = Array(repeating: 0, count: workerCount)
    }

    /// The idle cache with the longest prefix of the prompt, or another one on the least loaded worker; cut to what
    /// the prompt shares with it. At least one prompt token is left to compute.
    func take(for request: SamplingEngine.Request) -> (worker: Int, cache: SequenceCache) {
        lock.lock()
        defer { lock.unlock() }
        var best: (worker: Int, index: Int, length: Int)?
        if !request.wantsPromptLogprobs {
            for worker in idle.indices {
                for (index, cache) in idle[worker].enumerated() {
                    let length = commonPrefix(cache.tokens, request.prompt)
                    if length >= Self.worthwhilePrefix, length > best?.length ?? 0 { best = (worker, index, length) }
                }
            }
        }
        if let best {
            let cache = idle[best.worker].remove(at: best.index)
            cache.tokens.removeSubrange(best.length...)
            load[best.worker] += 1
            return (best.worker, cache)
        }
        let worker = load.indices.min { (load[$0], $0) < (load[$1], $1) } ?? 0
        load[worker] += 1
        if idle[worker].count * idle.count >= limit,
            let oldest = idle[worker].indices.min(by: { idle[worker][$0].lastUse < idle[worker][$1].lastUse })
        {
            let cache = idle[worker].remove(at: oldest)
            cache.tokens = []
            return (worker, cache)
        }
        return (worker, SequenceCache(shape))
    }

    func giveBack(_ cache: SequenceCache, worker: Int) {
        lock.lock()
        defer { lock.unlock() }
        clock += 1
        cache.lastUse = clock
        load[worker] -= 1
        idle[worker].append(cache)
    }

    private func commonPrefix(_ cached: [Int32], _ prompt: [Int32]) -> Int {
        let limit = min(cached.count, prompt.count - 1)
        return cached.withUnsafeBufferPointer { left in
            prompt.withUnsafeBufferPointer { right in
                var length = 0
                while length < limit, left[length] == right[length] { length += 1 }
                return length
            }
        }
    }
}
