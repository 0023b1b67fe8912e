import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(15))) struct ProxyTests {
    @Test func requestsGoThroughTheProxyNamed() async throws {
        let proxy = try ScriptedServer { .json("\"\($0.path)\"") }
        defer { proxy.stop() }
        let address = proxy.url.replacing("http://", with: "http://user:pass@")
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .url(address)))
        let response = try await client.send(HTTPRequest(method: "GET", url: "http://host.example/a?b"))
        #expect(String(decoding: response.body, as: UTF8.self) == "\"http://host.example/a?b\"")
        // RFC 7617: `user:pass` in base 64.
        #expect(proxy.requests.first?.headers["proxy-authorization"] == "Basic dXNlcjpwYXNz")
    }

    @Test(arguments: ["127.0.0.1", "localhost", "127.0.0.2"])
    func loopbackIsReachedDirectly(host: String) async throws {
        let server = try ScriptedServer { _ in .json("1") }
        let proxy = try ScriptedServer { _ in .json("\"proxy\"") }
        defer {
            server.stop()
            proxy.stop()
        }
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .url(proxy.url)))
        // Nothing listens on 127.0.0.2, but the refusal must not come from the proxy.
        _ = try? await client.send(HTTPRequest(method: "GET", url: "http://\(host):\(server.port)/"))
        #expect(proxy.requests.isEmpty)
    }

    @Test func exceptionsAreAddedToLoopback() {
        let loopback = "localhost,127.0.0.0/8,::1"
        #expect(HTTPProxy.environment.hostsReachedDirectly(environment: [:]) == loopback)
        #expect(
            HTTPProxy.environment.hostsReachedDirectly(environment: ["no_proxy": "a.example,b"])
                == "a.example,b," + loopback)
        #expect(HTTPProxy.environment.hostsReachedDirectly(environment: ["NO_PROXY": "*"]) == "*")
        #expect(
            HTTPProxy.url("http://p", except: ["a", "b"]).hostsReachedDirectly(environment: ["no_proxy": "c"])
                == "a,b," + loopback)
        #expect(HTTPProxy.direct.option == "")
        #expect(HTTPProxy.environment.option == nil)
    }
}
