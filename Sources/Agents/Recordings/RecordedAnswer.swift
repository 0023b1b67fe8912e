import Foundation
import Primitives
import Transport

/// An HTTP answer as JSON: the status, the headers that tools read, and the body as text, or in Base64 where it is none.
enum RecordedAnswer {
    private static let headers = [
        "content-type", "content-encoding", "retry-after", "location", "date", "last-modified",
    ]

    static func json(_ response: HTTPResponse) -> JSONValue {
        var fields = JSONObject()
        for name in headers { fields[name] = response.header(name).map { .string($0) } }
        var object: JSONObject = ["status": .integer(response.status), "headers": .object(fields)]
        if let text = String(validating: response.body, as: UTF8.self) {
            object["body"] = .string(text)
        } else {
            object["body_base64"] = .string(Data(response.body).base64EncodedString())
        }
        return .object(object)
    }

    static func response(_ json: JSONValue) throws(JSONError) -> HTTPResponse {
        let fields = try json["headers"] == nil ? JSONObject() : json.object(at: "headers")
        let body: [UInt8]
        if let text = json["body_base64"] {
            guard let data = text.stringValue.flatMap({ Data(base64Encoded: $0) }) else {
                throw .unexpected(path: "body_base64", expected: "a text in Base64", found: text.kind)
            }
            body = Array(data)
        } else {
            body = Array(try json.string(at: "body").utf8)
        }
        return HTTPResponse(
            status: try json.integer(at: "status"),
            headers: fields.members.compactMap { member in member.value.stringValue.map { (member.key, $0) } },
            body: body)
    }
}
