import Foundation
import Primitives

/// Traffic between an SDK and a SkyRL server, recorded in material that lies beside the repository, where it is present.
enum RecordedTrace: String, CaseIterable, Sendable {
    /// The Tinker SDK 0.24.1 and SkyRL 0.3.0, in dialect J.
    case json = "trace_json_sdk0.24.1_skyrl0.3.0"
    /// The Tinker SDK 0.25.0 and SkyRL's main branch, in dialect P1.
    case protobuf = "trace_proto_sdk0.25.0_skyrlHEAD"

    struct Exchange: Sendable {
        /// Below `/api/v1/`.
        let path: String
        let requestHeaders: [String: String]
        let request: Body
        let status: Int
        let responseType: String
        let response: Body
    }

    /// What one side sent.
    enum Body: Sendable {
        case json(JSONValue)
        case message([UInt8])

        /// A message has none.
        var json: JSONValue {
            if case .json(let value) = self { value } else { .null }
        }

        var message: [UInt8]? {
            if case .message(let bytes) = self { bytes } else { nil }
        }

        fileprivate init(recorded: JSONValue?) {
            let message = recorded?["base64"]?.stringValue.flatMap { Data(base64Encoded: $0) }
            self = message.map { .message([UInt8]($0)) } ?? .json(recorded ?? .null)
        }
    }

    static let arePresent = allCases.allSatisfy { FileManager.default.fileExists(atPath: $0.file) }

    /// `../shared` is looked for from the package's directory, then at the place where the project keeps it.
    private var file: String {
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { package.deleteLastPathComponent() }
        let name = "shared/protocol/traces/\(rawValue).jsonl"
        let beside = package.deletingLastPathComponent().appendingPathComponent(name).path
        return FileManager.default.fileExists(atPath: beside) ? beside : "/work/" + name
    }

    /// In the order of the recording.
    func exchanges() throws -> [Exchange] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let line = try JSONValue.parse(String(line))
            let headers = line["req_headers"]?.objectValue?.members ?? []
            return Exchange(
                path: String(try line.string(at: "path").dropFirst("/api/v1/".count)),
                requestHeaders: headers.reduce(into: [:]) { $0[$1.key.lowercased()] = $1.value.stringValue },
                request: Body(recorded: line["req"]), status: try line.integer(at: "status"),
                responseType: try line.string(at: "resp_type"), response: Body(recorded: line["resp"]))
        }
    }
}
