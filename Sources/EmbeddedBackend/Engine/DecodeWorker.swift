import Foundation

/// A thread that computes what the scheduler gives it, pass by pass.
enum DecodeWorker {
    /// - Parameter threads: how many threads compute a matrix product together.
    static func start(
        index: Int, model: PackedDecoder, layout: CachePage.Layout, scheduler: SequenceScheduler, threads: Int
    ) {
        let thread = Thread {
            let decoder = BatchDecoder(model, layout: layout, threads: threads)
            while let pass = scheduler.next(index) { decoder.run(pass) }
        }
        thread.name = "medresearcher.decode.\(index)"
        thread.stackSize = 1 << 21
        thread.start()
    }
}
