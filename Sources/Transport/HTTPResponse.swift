/// A complete HTTP response of any status.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.init(status: status, headers: HTTPHeaders(headers), body: body)
    }

    /// The first header of that name, compared without regard to case.
    public func header(_ name: String) -> String? { headers[name] }

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }
}
