import Foundation

/// A fresh path for a test, in memory where the system offers it; removed with the object.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let isWritable = FileManager.default.isWritableFile(atPath: memory.path)
        let base = isWritable ? memory : FileManager.default.temporaryDirectory
        let url = base.appendingPathComponent("training-tests-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
