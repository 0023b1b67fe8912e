/// Takes a request's secrets out of texts that others wrote, such as libcurl's messages.
///
/// Invariant of the transport: every text that leaves it in an error went through here, or was written here without any.
struct SecretMask {
    private let secrets: [String]

    /// What may be secret: user information and query of the URL and of the proxy's, and every header's value.
    init(request: HTTPRequest, proxy: HTTPProxy) {
        var found: [Substring] = []
        for url in [request.url, proxy.option ?? ""] {
            if let user = RedactedURL.userInformation(url) {
                found.append(user)
                found += user.split(separator: ":", maxSplits: 1)
            }
            if let query = url.firstIndex(of: "?") {
                let text = url[url.index(after: query)...]
                found.append(text)
                found += text.split { $0 == "&" || $0 == "=" || $0 == "#" }
            }
        }
        for (_, value) in request.headers {
            found.append(value[...])
            // `Bearer KEY`
            found += value.split(separator: " ")
        }
        // Short ones would blank out half of a message and are no keys.
        secrets = Set(found.map(String.init)).filter { $0.utf8.count >= 4 }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// Compared byte by byte, because characters may join with their neighbours.
    func text(_ text: String) -> String {
        var masked = Array(text.utf8)
        for secret in secrets.map({ Array($0.utf8) }) {
            var start = 0
            while start + secret.count <= masked.count {
                if masked[start..<(start + secret.count)].elementsEqual(secret) {
                    masked.replaceSubrange(start..<(start + secret.count), with: "(hidden)".utf8)
                    start += "(hidden)".utf8.count
                } else {
                    start += 1
                }
            }
        }
        return String(decoding: masked, as: UTF8.self)
    }
}
