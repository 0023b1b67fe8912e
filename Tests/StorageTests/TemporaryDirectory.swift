import Foundation

/// A fresh directory that is removed when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "medresearcher-storage-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

/// The reference files beside the package, which are not part of it.
enum SharedData {
    static let root: String = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [package.appendingPathComponent("../shared").standardized.path, "/work/shared"]
        return candidates.first { FileManager.default.fileExists(atPath: $0) } ?? candidates[0]
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root + "/golden/qwen3-tiny") }
    static let absence = "the reference files ../shared are not beside the package"
}

/// A file system of 64 KiB, mounted while a test uses it; only root may do that, and not everywhere.
final class TinyFileSystem: Sendable {
    let directory: TemporaryDirectory

    init?() {
        guard let directory = try? TemporaryDirectory(), geteuid() == 0,
            Self.run("mount", "-t", "tmpfs", "-o", "size=64k", "medresearcher-test", directory.path)
        else { return nil }
        self.directory = directory
    }

    deinit { _ = Self.run("umount", directory.path) }

    static let isPossible = TinyFileSystem() != nil

    private static func run(_ command: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
