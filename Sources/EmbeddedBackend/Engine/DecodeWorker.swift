import CKernels
import Foundation

/// A thread that decodes its sequences in one batch, a token at a time, admitting new ones between tokens.
///
/// Invariants
/// * `incoming` and `isStopped` are guarded by `condition`; everything else belongs to the thread.
/// * Every submitted sequence is finished or failed exactly once.
final class DecodeWorker: @unchecked Sendable {
    /// Rows (tokens) that go through the layers together.
    private static let rowsPerPass = 512

    private let index: Int
    private let pool: CachePool
    private let condition = NSCondition()
    private var incoming: [ActiveSequence] = []
    private var isStopped = false
    private let decoder: BatchDecoder

    init(index: Int, model: PackedDecoder, pool: CachePool) {
        self.index = index
        self.pool = pool
        decoder = BatchDecoder(model)
        let thread = Thread { [self] in run() }
        thread.name = "medresearcher.decode.\(index)"
        thread.stackSize = 1 << 21
        thread.start()
    }

    func submit(_ sequence: sending ActiveSequence) {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopped else { return sequence.fail(.stopped) }
        incoming.append(sequence)
        condition.signal()
    }

    func stop() {
        condition.lock()
        isStopped = true
        condition.signal()
        condition.unlock()
    }

    private func run() {
        var active: [ActiveSequence] = []
        while admit(into: &active) {
            step(&active)
        }
        for sequence in active { sequence.fail(.stopped) }
    }

    /// Waits until there is work. Returns false when the worker has to end.
    private func admit(into active: inout [ActiveSequence]) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while active.isEmpty && incoming.isEmpty && !isStopped { condition.wait() }
        active += incoming
        incoming = []
        return !isStopped
    }

    /// Runs pending tokens of all sequences, as many as fit, and samples for those that are up to date.
    private func step(_ active: inout [ActiveSequence]) {
        var rows: [BatchDecoder.Row] = []
        var ready: [(sequence: ActiveSequence, row: Int)] = []
        for sequence in active {
            let room = Self.rowsPerPass - rows.count
            guard room > 0 else { break }
            let start = sequence.cache.tokens.count
            let piece = sequence.pending.prefix(room)
            sequence.cache.reserve(start + piece.count)
            for (offset, token) in piece.enumerated() {
                rows.append(.init(token: token, position: start + offset, cache: sequence.cache))
            }
            sequence.cache.tokens += piece
            if sequence.request.wantsPromptLogprobs && sequence.logprobs.isEmpty {
                addPromptLogprobs(sequence, rows: &rows, start: start, count: piece.count)
            }
            if sequence.pending.isEmpty { ready.append((sequence, rows.count - 1)) }
        }
        decoder.forward(rows)
        decoder.sample(ready.map { ($0.sequence, $0.row) })
        decoder.scorePrompts(rows)
        active.removeAll { sequence in
            guard sequence.isFinished else { return false }
            pool.giveBack(sequence.cache, worker: index)
            sequence.finish()
            return true
        }
    }

    /// Marks rows whose next prompt token has to be scored.
    private func addPromptLogprobs(
        _ sequence: ActiveSequence, rows: inout [BatchDecoder.Row], start: Int, count: Int
    ) {
        for offset in 0..<count where start + offset + 1 < sequence.request.prompt.count {
            rows[rows.count - count + offset].scored = (sequence, sequence.request.prompt[start + offset + 1])
        }
    }
}
