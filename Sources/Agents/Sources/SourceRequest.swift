import Primitives
import Storage

/// One request to a source, without anything secret: keys are added where it leaves the process (``LiveExchange``).
///
/// Invariant: two requests that ask the same have one ``canonical`` form, whoever asks and with whichever key; caches and
/// cassettes know requests by it.
public struct SourceRequest: Sendable {
    public var method: String
    /// An absolute URL; what ``query`` adds is not in it.
    public var url: String
    /// In the order in which it is sent.
    public var query: [(name: String, value: String)]
    /// What the answer depends on beside the URL, for example `Accept`.
    public var headers: [(name: String, value: String)]
    /// The JSON or form that is sent.
    public var body: String

    public init(
        method: String = "GET", _ url: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: String = ""
    ) {
        self.method = method
        self.url = url
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// A request with a JSON body.
    public static func post(_ url: String, json: JSONValue) -> SourceRequest {
        SourceRequest(
            method: "POST", url, headers: [("Content-Type", "application/json")], body: json.text)
    }

    /// The URL with its query.
    public var target: String { Self.target(url, query) }

    static func target(_ url: String, _ query: [(name: String, value: String)]) -> String {
        guard !query.isEmpty else { return url }
        let pairs = query.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
        return url + (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + pairs
    }

    /// What the request asks, as one line of JSON.
    public var canonical: JSONValue {
        var object: JSONObject = ["method": .string(method), "url": .string(target)]
        if !body.isEmpty { object["body"] = .string(body) }
        return .object(object)
    }

    /// The name of the request in a cache.
    public var key: String { SHA256.hex(canonical.serialized()) }

    /// All but the unreserved characters of RFC 3986, section 2.3, as percent and two digits.
    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += percent(byte).utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `%` and two digits.
    static func percent(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "%0" + digits : "%" + digits
    }
}
