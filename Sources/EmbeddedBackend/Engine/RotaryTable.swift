#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Synchronization

/// Cosines and sines of the rotary position embedding, `headSize / 2` of each for every position.
///
/// Rows are computed when a position is first needed: models may allow far more positions than are ever used.
///
/// Invariants
/// * A thread reads only positions below a count that it (or one that it was synchronised with) has reserved.
/// * A page is written once, under the lock, before its pointer is stored.
final class RotaryTable: @unchecked Sendable {
    private static let rowsPerPage = 512

    private let half: Int
    private let frequencies: [Float]
    private let amplitude: Float
    private let pageCount: Int
    /// A page holds the cosines of its positions, then the sines.
    private let pages: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
    private let ready = Mutex(0)

    init(_ shape: DecoderConfiguration) {
        half = shape.headSize / 2
        frequencies = shape.rotaryScaling.frequencies(headSize: shape.headSize, theta: shape.ropeTheta)
        amplitude = shape.rotaryScaling.amplitude
        pageCount = (shape.maximumPositions + Self.rowsPerPage - 1) / Self.rowsPerPage
        pages = .allocate(capacity: max(1, pageCount))
    }

    deinit {
        for page in 0..<ready.withLock({ $0 }) { pages[page].deallocate() }
        pages.deallocate()
    }

    /// Makes positions `0 ..< count` readable; `count` is at most the model's.
    func reserve(_ count: Int) {
        let needed = (count + Self.rowsPerPage - 1) / Self.rowsPerPage
        precondition(needed <= pageCount, "position \(count) is beyond the model's")
        ready.withLock { ready in
            while ready < needed {
                pages[ready] = makePage(ready)
                ready += 1
            }
        }
    }

    private func makePage(_ index: Int) -> UnsafeMutablePointer<Float> {
        let page = UnsafeMutablePointer<Float>.allocate(capacity: 2 * Self.rowsPerPage * half)
        let sines = page + Self.rowsPerPage * half
        for row in 0..<Self.rowsPerPage {
            let position = Float(index * Self.rowsPerPage + row)
            for (i, frequency) in frequencies.enumerated() {
                let angle = position * frequency
                (page + row * half + i).initialize(to: amplitude * cosf(angle))
                (sines + row * half + i).initialize(to: amplitude * sinf(angle))
            }
        }
        return page
    }

    func cosine(_ position: Int) -> UnsafePointer<Float> {
        UnsafePointer(pages[position / Self.rowsPerPage] + position % Self.rowsPerPage * half)
    }

    func sine(_ position: Int) -> UnsafePointer<Float> { cosine(position) + Self.rowsPerPage * half }
}
