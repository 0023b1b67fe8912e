import Primitives

/// One message of JSON-RPC 2.0.
enum JSONRPCMessage: Sendable, Hashable {
    case request(id: JSONValue, method: String, parameters: JSONValue)
    case notification(method: String, parameters: JSONValue)
    case result(id: JSONValue, JSONValue)
    /// `id` is null where the sender could not read the request's.
    case error(id: JSONValue, JSONRPCError)

    /// `nil` where the value is no message.
    init?(_ json: JSONValue) {
        guard json["jsonrpc"]?.stringValue == "2.0" else { return nil }
        let id = json["id"]
        if let method = json["method"]?.stringValue {
            let parameters = json["params"] ?? [:]
            self =
                id.map { .request(id: $0, method: method, parameters: parameters) }
                ?? .notification(method: method, parameters: parameters)
        } else if let result = json["result"], let id {
            self = .result(id: id, result)
        } else if let error = json["error"].flatMap(JSONRPCError.init) {
            self = .error(id: id ?? .null, error)
        } else {
            return nil
        }
    }

    /// The messages of one text: one, or the elements of a batch (which the revision 2025-03-26 allows). `nil` where the
    /// text holds anything else.
    static func messages(in bytes: [UInt8]) -> [JSONRPCMessage]? {
        guard let json = try? JSONValue.parse(bytes) else { return nil }
        let values = json.arrayValue ?? [json]
        let messages = values.compactMap { JSONRPCMessage($0) }
        return messages.count == values.count && !messages.isEmpty ? messages : nil
    }

    var json: JSONValue {
        switch self {
        case .request(let id, let method, let parameters):
            ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters]
        case .notification(let method, let parameters):
            ["jsonrpc": "2.0", "method": .string(method), "params": parameters]
        case .result(let id, let result): ["jsonrpc": "2.0", "id": id, "result": result]
        case .error(let id, let error):
            [
                "jsonrpc": "2.0", "id": id,
                "error": ["code": .integer(error.code), "message": .string(error.message)],
            ]
        }
    }
}

/// Why a JSON-RPC request failed, as its receiver says.
struct JSONRPCError: Error, Sendable, Hashable {
    static let methodNotFound = -32601
    static let invalidParameters = -32602
    /// Resource not found; also "unknown tool" with some servers.
    static let notFound = -32002
    /// The revision 2026-07-28's answer to a protocol version that the server does not speak.
    static let unsupportedVersion = -32022

    var code: Int
    var message: String

    init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    init?(_ json: JSONValue) {
        guard let code = json["code"]?.integerValue else { return nil }
        self.init(code: code, message: json["message"]?.stringValue ?? "")
    }
}
