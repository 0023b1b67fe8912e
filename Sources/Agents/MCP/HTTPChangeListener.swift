import Primitives
import Transport

/// Reads the GET stream on which a server of the streamable HTTP transport tells of changes to its tools.
///
/// A server need not offer the stream; then its tools are taken not to change.
struct HTTPChangeListener: Sendable {
    /// How often in a row the stream is opened without bringing anything.
    private static let mostFailures = 5

    let client: HTTPClient
    let url: String
    let headers: [(String, String)]
    let limit: Int
    let inbox: MCPInbox

    /// Returns when the task is cancelled or the server does not offer the stream.
    func run() async {
        var failures = 0
        while failures < Self.mostFailures, !Task.isCancelled {
            failures += 1
            let http = HTTPRequest(
                method: "GET", url: url, headers: headers, timeout: .seconds(86_400), maximumResponseBytes: limit)
            guard let stream = try? await client.stream(http) else {
                try? await Task.sleep(for: .milliseconds(HTTPChannel.longestPause))
                continue
            }
            guard stream.isSuccess, stream.header("Content-Type")?.lowercased().hasPrefix("text/event-stream") == true
            else { return }
            var events = ServerSentEvents()
            do {
                for try await chunk in stream.chunks {
                    for event in events.decode(chunk) {
                        failures = 0
                        for message in JSONRPCMessage.messages(in: Array(event.data.utf8)) ?? [] {
                            await see(to: message)
                        }
                    }
                }
            } catch {
                // Opened anew below; a cancelled task ends the loop.
            }
            let pause = min(events.reconnectionTime ?? 1000, HTTPChannel.longestPause)
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }

    private func see(to message: JSONRPCMessage) async {
        guard let answer = inbox.answer(message) else { return }
        _ = try? await client.send(
            HTTPRequest(
                method: "POST", url: url, headers: headers, body: answer.json.serialized(), timeout: .seconds(30),
                maximumResponseBytes: limit))
    }
}
