import Foundation
import Primitives

/// Reference material that lies beside the repository, where it is present.
enum SharedData {
    static let traceName = "protocol/traces/trace_json_sdk0.24.1_skyrl0.3.0.jsonl"

    static let protobufTraceName = "protocol/traces/trace_proto_sdk0.25.0_skyrlHEAD.jsonl"

    static var isPresent: Bool { FileManager.default.fileExists(atPath: path(traceName)) }

    /// `../shared` is looked for from the package's directory, then at the place where the project keeps it.
    static func path(_ name: String) -> String {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared").appendingPathComponent(name)
        let fallback = "/work/shared/" + name
        return FileManager.default.fileExists(atPath: beside.path) ? beside.path : fallback
    }

    /// The exchanges recorded between the Tinker SDK 0.24.1 and SkyRL 0.3.0, in order; likewise for the other trace.
    static func trace(_ name: String = traceName) throws -> [JSONValue] {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    }
}
