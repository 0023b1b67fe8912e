import Foundation

@testable import EmbeddedBackend

/// Lets threads pass unless a test closed it.
final class ThreadGate: @unchecked Sendable {
    private let condition = NSCondition()
    private var isClosed = false

    func close() { set(true) }
    func open() { set(false) }

    func pass() {
        condition.lock()
        while isClosed { condition.wait() }
        condition.unlock()
    }

    private func set(_ value: Bool) {
        condition.lock()
        isClosed = value
        condition.broadcast()
        condition.unlock()
    }
}

extension StandInWeights {
    static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    static func read(_ path: String) throws -> Double {
        guard let value = Double(try String(contentsOfFile: path, encoding: .utf8)) else {
            throw StandInError.unreadable(path)
        }
        return value
    }

    /// Reads a directory that ``save(directory:)`` wrote; one that has only a `config.json` is a base model.
    static func load(_ directory: String, log: EngineLog) throws -> StandInWeights {
        let file = directory + "/model.txt"
        let isCheckpoint = FileManager.default.fileExists(atPath: file)
        return StandInWeights(value: isCheckpoint ? try read(file) : 0, log: log)
    }
}
