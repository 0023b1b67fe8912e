/// Which proxy requests go through. Loopback hosts are always reached directly.
public enum HTTPProxy: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// As the variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
    case environment
    /// No proxy, whatever the environment says.
    case direct
    /// This one, for example `http://user:password@proxy.example:3128`, except for the hosts named: a name stands for
    /// itself and for every host below it.
    case url(String, except: [String] = [])

    public var description: String {
        switch self {
        case .environment: "the environment's"
        case .direct: "none"
        case .url(let url, let hosts):
            RedactedURL.text(url) + (hosts.isEmpty ? "" : " except for " + hosts.joined(separator: ", "))
        }
    }

    /// Without children: they would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// libcurl's `CURLOPT_PROXY`: `nil` is the environment's, the empty text none.
    var option: String? {
        switch self {
        case .environment: nil
        case .direct: ""
        case .url(let url, _): url
        }
    }

    /// libcurl's `CURLOPT_NOPROXY`, which replaces the variable `no_proxy`.
    func hostsReachedDirectly(environment: [String: String]) -> String {
        let named: [String]
        switch self {
        case .environment: named = [environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""]
        case .direct: named = []
        case .url(_, let hosts): named = hosts
        }
        if named == ["*"] { return "*" }
        return (named.filter { !$0.isEmpty } + ["localhost", "127.0.0.0/8", "::1"]).joined(separator: ",")
    }
}
