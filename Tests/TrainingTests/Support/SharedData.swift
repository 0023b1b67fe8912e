import Foundation
import Primitives

/// The reference values beside the checkout; absent from a bare clone.
enum SharedData {
    static let golden = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/golden/grpo.json").path

    static var isPresent: Bool { FileManager.default.fileExists(atPath: golden) }

    static func grpo() throws -> JSONValue {
        try JSONValue.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: golden))))
    }
}
