/// How the threads of a sampling engine share the work.
///
/// A model whose weights stay in the processor's caches is decoded by one worker per thread, each with a batch of its
/// own: they never wait for one another. The weights of a greater model come from main memory in every pass, which then
/// bounds the speed; they are read once, for all sequences together, by threads that split each matrix product.
/// Results are the same either way.
struct ThreadPlan: Equatable {
    /// Weights up to this size count as small: 32 MiB.
    static let smallBytes = 32 << 20

    let workers: Int
    let threadsPerWorker: Int

    init(workers: Int, threadsPerWorker: Int) {
        self.workers = workers
        self.threadsPerWorker = threadsPerWorker
    }

    init(weightBytes: Int, threads: Int) {
        let isSmall = weightBytes <= Self.smallBytes
        workers = isSmall ? max(1, threads) : 1
        threadsPerWorker = isSmall ? 1 : max(1, threads)
    }
}
