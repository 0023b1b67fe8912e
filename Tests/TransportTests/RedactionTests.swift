import Testing

@testable import Transport

/// A key may travel in a header, and by mistake in a URL; it must not come back in any text.
@Suite(.timeLimit(.minutes(15))) struct RedactionTests {
    private static let key = "tml-Geheimnis-0123"

    private func texts(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return String(describing: value) + String(reflecting: value) + dumped
    }

    private func request(_ url: String, timeout: Duration = .seconds(600)) -> HTTPRequest {
        HTTPRequest(
            method: "POST", url: url, headers: [("Authorization", "Bearer " + Self.key), ("X-API-Key", Self.key)],
            timeout: timeout)
    }

    @Test func requestsShowNoHeaderValues() {
        let shown = texts(request("https://user:\(Self.key)@host.example/a?key=\(Self.key)"))
        #expect(!shown.contains(Self.key))
        #expect(shown.contains("Authorization") && shown.contains("https://host.example/a"))
    }

    @Test func configurationsShowNoProxyPassword() {
        let configuration = HTTPClientConfiguration(proxy: .url("http://user:\(Self.key)@proxy.example:3128"))
        #expect(!texts(configuration).contains(Self.key))
        #expect(texts(configuration.proxy).contains("http://proxy.example:3128"))
    }

    /// Servers and URLs that make every kind of error.
    @Test(arguments: [
        "http://user:KEY@127.0.0.1:PORT/reset?key=KEY", "http://KEY@127.0.0.1:PORT/garbage#KEY",
        "http://user:KEY@127.0.0.1:PORT/silence?KEY", "http://user:KEY@127.0.0.1:1/refused?key=KEY",
        "https://user:KEY@127.0.0.1:PORT/tls?key=KEY", "http://user:KEY@/nowhere?key=KEY",
        "http://user:KEY@127.0.0.1:99999/port?key=KEY", "http://user:KEY/@host:1/", "http://user:KE?Y@host:KEY/",
        "http://KEY KEY@127.0.0.1:PORT/space", "ftp://user:KEY@127.0.0.1/?KEY", "user:KEY@127.0.0.1?KEY",
        "http://127.0.0.1:KEY/", "http://user:KEY@127.0.0.1:PORT/large?key=KEY",
    ])
    func errorsShowNoKey(template: String) async throws {
        let server = try ScriptedServer { request in
            if request.path.hasPrefix("/garbage") { return .raw("garbage \(Self.key)\r\n\r\n") }
            if request.path.hasPrefix("/silence") { return .silence }
            if request.path.hasPrefix("/large") {
                return .raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
            }
            return .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        }
        defer { server.stop() }
        let url = template.replacing("KEY", with: Self.key).replacing("PORT", with: String(server.port))
        let isSilent = template.contains("silence")
        do throws(TransportError) {
            _ = try await HTTPClient().send(request(url, timeout: isSilent ? .milliseconds(300) : .seconds(30)))
            Issue.record("an error was expected")
        } catch {
            #expect(!texts(error).contains(Self.key), "\(error)")
        }
    }

    @Test(arguments: [
        ("X-API-Key", "KEY\nX-Other: 1"), ("X-API-Key", "KEY\r\nX-Other: 1"), ("X-API-Key", "KEY\0"),
        ("X API Key KEY", "1"), ("X-Key: KEY", "1"), ("", "KEY"),
    ])
    func malformedHeadersAreRefusedWithoutTheirValue(name: String, value: String) async {
        var malformed = request("http://127.0.0.1:1/")
        malformed.headers = [
            (name.replacing("KEY", with: "name"), value.replacing("KEY", with: Self.key))
        ]
        do throws(TransportError) {
            _ = try await HTTPClient().send(malformed)
            Issue.record("the header was accepted")
        } catch {
            guard case .other = error else {
                Issue.record("unexpected \(error)")
                return
            }
            #expect(!texts(error).contains(Self.key))
        }
    }

    @Test(arguments: ["", "GET /x", "GET\r\nX: 1"])
    func malformedMethodsAreRefused(method: String) async {
        await #expect(throws: TransportError.self) {
            try await HTTPClient().send(HTTPRequest(method: method, url: "http://127.0.0.1:1/"))
        }
    }

    /// libcurl repeats a proxy's URL in its message about it.
    @Test(arguments: ["http://user:KEY@[broken:1", "banana://user:KEY@127.0.0.1:1", "http://user:KEY@127.0.0.1:1"])
    func proxyErrorsShowNoPassword(proxy: String) async {
        let configuration = HTTPClientConfiguration(proxy: .url(proxy.replacing("KEY", with: Self.key)))
        do throws(TransportError) {
            _ = try await HTTPClient(configuration: configuration).send(request("http://host.example/"))
            Issue.record("an error was expected")
        } catch {
            #expect(!texts(error).contains(Self.key), "\(error)")
        }
    }

    @Test func theMaskHidesEveryPartThatMayBeSecret() {
        let mask = SecretMask(
            request: request("http://us:pa:ss-word@host/?a=first-value&b=second-value"),
            proxy: .url("http://u:prox-y@p"))
        #expect(mask.text("x \(Self.key) y") == "x (hidden) y")
        #expect(mask.text("Bearer \(Self.key)") == "(hidden)")
        for secret in ["us:pa:ss-word", "pa:ss-word", "first-value", "second-value", "u:prox-y", "prox-y"] {
            #expect(mask.text("<\(secret)|\(secret)>") == "<(hidden)|(hidden)>")
        }
        #expect(mask.text("Could not connect to host") == "Could not connect to host")
    }
}
