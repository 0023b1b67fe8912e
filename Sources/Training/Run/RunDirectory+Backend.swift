import Primitives
import Storage

/// The backend's profile in `lock.json`. It is added when the run first reaches its backend, and never replaced.
extension RunDirectory {
    private static let key = "backend"

    /// The profile that the run was started with; `nil` where it has not reached a backend yet.
    public func lockedBackend() throws(TrainingError) -> JSONValue? {
        let lock = try readLock()
        return lock[Self.key].flatMap { $0.isNull ? nil : $0 }
    }

    /// Writes the profile that the run is started with.
    public func lockBackend(_ profile: JSONValue) throws(TrainingError) {
        guard try lockedBackend() == nil, case .object(var lock) = try readLock() else { return }
        lock[Self.key] = profile
        try write(JSONLines.encode([.object(lock)]), to: layout.lock)
    }

    private func readLock() throws(TrainingError) -> JSONValue {
        let bytes = try storing { () throws(StorageError) in try FileStore.read(layout.lock) }
        do { return try JSONValue.parse(bytes) } catch {
            throw .unreadable(path: layout.lock, problem: "\(error)")
        }
    }
}
