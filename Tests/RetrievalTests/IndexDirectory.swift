import Foundation

@testable import Retrieval

/// A directory of its own for a test.
final class IndexDirectory {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("retrieval-" + UUID().uuidString).path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func files(_ ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(ending) }.sorted()
    }

    /// An index of these documents, closed.
    func make(_ documents: [RetrievalDocument]) throws {
        let writer = try IndexWriter.create(directory: path)
        for document in documents { try writer.add(document) }
        try writer.commit()
    }
}
