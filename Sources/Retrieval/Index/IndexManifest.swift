import Primitives
import Storage

/// What an index consists of: written last, so that an index is always the old or the new one.
struct IndexManifest: Sendable {
    static let fileName = "manifest.json"
    static let format = "medresearcher.index/1"

    struct Entry: Sendable, Hashable {
        var file: String
        var documents: Int
        /// The checksum in the segment's header, in hexadecimal.
        var checksum: String
        /// The latest date that a document bears, as it is written there.
        var newest: String?
        /// The deleted documents: a file of their numbers (32 bits, ascending).
        var deletions: Deletions?
    }

    struct Deletions: Sendable, Hashable {
        var file: String
        var count: Int
        var checksum: String
    }

    var generation: Int
    /// The number of the next file.
    var nextFile: Int
    var configuration: IndexConfiguration
    var segments: [Entry] = []

    init(configuration: IndexConfiguration) {
        generation = 0
        nextFile = 1
        self.configuration = configuration
    }

    var files: Set<String> { Set(segments.flatMap { [$0.file] + ($0.deletions.map { [$0.file] } ?? []) }) }

    static func path(_ directory: String) -> String { directory + "/" + fileName }

    static func load(_ directory: String) throws(RetrievalError) -> IndexManifest {
        let path = path(directory)
        let bytes: [UInt8]
        do throws(StorageError) { bytes = try FileStore.read(path) } catch {
            throw error.isMissing ? .noIndex(path: directory) : .storage(error)
        }
        let json: JSONValue
        let format: String
        do throws(JSONError) {
            json = try JSONValue.parse(bytes)
            format = try json.string(at: "format")
        } catch { throw .damaged(path: path, problem: "\(error)") }
        guard format == Self.format else {
            throw .unknownVersion(path: path, found: "“\(format)”", expected: "“\(Self.format)”")
        }
        var manifest = IndexManifest(
            configuration: try IndexConfiguration(json: json["configuration"] ?? .null, path: path))
        do throws(JSONError) { try manifest.read(json) } catch {
            throw .damaged(path: path, problem: "\(error)")
        }
        // File names are looked up in the directory: they must not lead out of it.
        if let name = manifest.files.sorted().first(where: { $0.contains("/") || $0.isEmpty }) {
            throw .damaged(path: path, problem: "the file name “\(name)” is no plain name")
        }
        return manifest
    }

    private mutating func read(_ json: JSONValue) throws(JSONError) {
        generation = try json.integer(at: "generation")
        nextFile = try json.integer(at: "next_file")
        for row in try json.array(at: "segments") {
            var entry = Entry(
                file: try row.string(at: "file"), documents: try row.integer(at: "documents"),
                checksum: try row.string(at: "checksum"), newest: row["newest"]?.stringValue)
            if let deletions = row["deletions"] {
                entry.deletions = Deletions(
                    file: try deletions.string(at: "file"), count: try deletions.integer(at: "count"),
                    checksum: try deletions.string(at: "checksum"))
            }
            segments.append(entry)
        }
    }

    func save(_ directory: String) throws(RetrievalError) {
        let rows = segments.map { entry -> JSONValue in
            var row: JSONObject = [
                "file": .string(entry.file), "documents": .integer(entry.documents),
                "checksum": .string(entry.checksum),
            ]
            if let newest = entry.newest { row["newest"] = .string(newest) }
            if let deletions = entry.deletions {
                row["deletions"] = [
                    "file": .string(deletions.file), "count": .integer(deletions.count),
                    "checksum": .string(deletions.checksum),
                ]
            }
            return .object(row)
        }
        let json: JSONValue = [
            "format": .string(Self.format), "generation": .integer(generation), "next_file": .integer(nextFile),
            "configuration": configuration.json, "segments": .array(rows),
        ]
        do throws(StorageError) {
            try FileStore.writeAtomically(json.serialized() + [UInt8(ascii: "\n")], to: Self.path(directory))
        } catch { throw .storage(error) }
    }
}
