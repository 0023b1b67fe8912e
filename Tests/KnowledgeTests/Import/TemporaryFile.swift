import Foundation
import Storage

/// A file in the temporary folder with the given content; removed with the value.
final class TemporaryFile {
    let path: String

    init(_ text: String, name: String = "input.tsv") throws {
        path = NSTemporaryDirectory() + "knowledge-" + UUID().uuidString + "-" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    init(bytes: [UInt8], name: String) throws {
        path = NSTemporaryDirectory() + "knowledge-" + UUID().uuidString + "-" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    var text: String { (try? FileStore.readText(path)) ?? "" }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The files of `/work/shared/data`, which are not part of the repository.
enum ImportData {
    static let directory = "/work/shared/data/"
    static let isThere = FileStore.exists(directory + "kg/full_kg_open.tsv.zst")
    static let absence = "needs the development data in \(directory), which is not part of the repository"
}
