import Testing
import Transport

@Suite struct RedactedURLTests {
    @Test(arguments: [
        ("https://host.example/a/b", "https://host.example/a/b"),
        ("https://user:password@host.example:8443/a", "https://host.example:8443/a"),
        ("https://host.example/a?api_key=secret", "https://host.example/a"),
        ("https://host.example?token=a@b", "https://host.example"),
        ("http://u@v@host.example/p@q#f", "http://host.example/p@q"),
        ("not a url", "not a url"),
    ])
    func keepsSchemeHostPortAndPath(url: String, shown: String) {
        #expect(RedactedURL.text(url) == shown)
    }
}
