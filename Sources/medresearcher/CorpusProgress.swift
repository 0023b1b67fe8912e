import Reporting
import Synchronization

/// Words and documents counted so far, as a line on a terminal that is written over.
final class CorpusProgress: Sendable {
    private let isShown: Bool
    private let counts = Mutex((words: 0, documents: 0))

    init(isShown: Bool) { self.isShown = isShown }

    func add(words: Int, documents: Int) {
        let total = counts.withLock { counts in
            counts.words += words
            counts.documents += documents
            return counts
        }
        if isShown { Terminal.writeToStandardError("\r\(total.documents) documents, \(total.words) words\u{1B}[K") }
    }

    func finish() { if isShown { Terminal.writeToStandardError("\n") } }
}
