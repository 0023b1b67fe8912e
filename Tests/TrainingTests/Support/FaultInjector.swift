import Foundation
import Storage
import Synchronization

@testable import Training

struct SimulatedCrash: Error {}

/// Counts the points that a run passes and ends the run, as a killed process would, at one of them: from then on every
/// point throws.
final class FaultInjector: Sendable {
    enum Fault: Sendable {
        case none
        case crash(at: Int)
        case stop(at: Int)
    }

    let fault: Fault
    let stop = StopSignal()
    private let passed = Atomic<Int>(0)

    init(_ fault: Fault = .none) { self.fault = fault }

    var count: Int { passed.load(ordering: .acquiring) }

    /// True once the crash has happened.
    func isDead() -> Bool {
        let number = passed.add(1, ordering: .acquiringAndReleasing).newValue
        switch fault {
        case .none: return false
        case .crash(let point): return number >= point
        case .stop(let point):
            if number >= point { stop.request() }
            return false
        }
    }

    func point() throws { if isDead() { throw SimulatedCrash() } }

    func point(_ path: String) throws(StorageError) {
        if isDead() { throw .system(path: path, operation: "survive at", code: EIO) }
    }
}
