import Foundation

/// The exclusive claim of one process to a run directory. It ends with the process, however that ends.
final class DirectoryClaim: Sendable {
    private let descriptor: Int32

    /// Returns `nil` where another claim is held.
    init?(file: String) throws(TrainingError) {
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unreadable(path: file, problem: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
