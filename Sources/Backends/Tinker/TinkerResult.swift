import Primitives
import TinkerProtocol

/// Reads results of promises, in JSON or in protobuf, refusing whatever is not as the protocol says.
struct TinkerResult {
    let answer: TinkerAnswer
    /// The request that the result answers, for errors.
    let call: TinkerCall
    let wire: TinkerWire

    init(answer: TinkerAnswer, call: TinkerCall, wire: TinkerWire) {
        self.answer = answer
        self.call = call
        self.wire = wire
    }

    init(value: JSONValue, call: TinkerCall, wire: TinkerWire) {
        self.init(answer: .json(value), call: call, wire: wire)
    }

    /// The result in JSON, which all but the results of sampling and of passes are.
    func json() throws(BackendError) -> JSONValue {
        switch answer {
        case .json(let value): return value
        case .protobuf(let bytes): throw wire.garbage(bytes, from: call.path, expected: "a result in JSON")
        }
    }

    /// A required string member.
    func string(_ key: String) throws(BackendError) -> String {
        let value = try json()
        guard let text = value[key]?.stringValue, !text.isEmpty else {
            throw garbage("an object with the string `\(key)`", value)
        }
        return text
    }

    /// The first of the `metrics` called `name`, whatever prefix (`skyrl.ai/…`) and reduction (`…:mean`) it carries.
    static func metric(_ name: String, in metrics: [String: Double]) -> Double? {
        let match = metrics.keys.sorted().first { key in
            let base = key.split(separator: "/").last ?? ""
            return base.split(separator: ":").first.map(String.init) == name
        }
        return match.flatMap { metrics[$0] }
    }

    /// The metrics of an optimizer step; what is not a number is left out.
    func metrics() throws(BackendError) -> [String: Double] { Self.numbers(try json()["metrics"]) }

    static func numbers(_ value: JSONValue?) -> [String: Double] {
        var metrics: [String: Double] = [:]
        for member in value?.objectValue?.members ?? [] { metrics[member.key] = member.value.doubleValue }
        return metrics
    }

    func garbage(_ expected: String, _ received: JSONValue) -> BackendError {
        wire.garbage(received.serialized(), from: call.path, expected: expected)
    }

    /// For results in protobuf, whose bytes would tell a reader nothing.
    func garbage(_ expected: String, inBytes count: Int) -> BackendError {
        .garbage(
            url: wire.endpoint.url(call.path), expected: expected, received: "a protobuf message of \(count) bytes")
    }

    func floats(_ value: JSONValue?, count: Int, _ expected: String) throws(BackendError) -> [Float] {
        guard let floats = value?.floatsValue, floats.count == count, floats.allSatisfy(\.isFinite) else {
            throw garbage(expected, value ?? .null)
        }
        return floats
    }
}
