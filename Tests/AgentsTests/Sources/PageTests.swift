import Primitives
import Testing

@testable import Agents

@Suite struct HostGuardTests {
    @Test(
        arguments: [
            // The many ways to write 127.0.0.1.
            "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/",
            "http://0x7f.0x0.0x0.0x1/", "http://0177.0.0.1/", "http://017700000001/", "http://0x7F.1/",
            "http://127.0.0.1./",
            "http://127.255.255.254:8080/", "http://0/", "http://0.0.0.0/", "http://00000177.1/",
            "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/",
            "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fd12:3456::1]/",
            "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[2001::1]/", "http://[3fff::1]/", "http://[100::1]/",
            "http://[fec0::1]/",
            // Private, shared, link-local (cloud metadata), reserved.
            "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://192.0.2.1/", "http://198.18.0.1/",
            "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.0.1/", "http://203.0.113.9/",
            // Malformed numbers are not left to a resolver.
            "http://256.1.1.1/", "http://1.2.3.4.5/", "http://0x/", "http://127.0.0.09/", "http://0x100000000/",
            "http://1.2.3.0xg/", "http://99999999999999999999/",
            // Names.
            "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://a.localhost/", "http://intranet/",
            "http://printer.local/", "http://metadata.google.internal/", "http://nas.lan/", "http://router.home.arpa/",
        ])
    func `hosts that are not of the public internet are refused`(url: String) throws {
        guard let parsed = WebURL(url) else { return }
        #expect(HostGuard().refuses(parsed), "\(parsed)")
    }

    @Test(
        arguments: [
            "http://example.org/", "https://pubmed.ncbi.nlm.nih.gov/1/", "http://8.8.8.8/", "http://172.15.0.1/",
            "http://172.32.0.1/", "http://100.63.0.1/", "http://134744072/", "http://[2606:2800:220:1::1]/",
            "http://[::ffff:8.8.8.8]/", "http://localhost.example.org/", "http://10.example.org/",
            "http://xn--mnchen-3ya.de/",
        ])
    func `public hosts are read`(url: String) throws {
        let parsed = try #require(WebURL(url))
        #expect(!HostGuard().refuses(parsed))
    }

    @Test func `a host that the user allows is read, and no other`() throws {
        let guarding = HostGuard(allowedHosts: ["Wiki.hospital.lan", "127.0.0.1"])
        #expect(!guarding.refuses(try #require(WebURL("http://wiki.hospital.lan/a"))))
        #expect(!guarding.refuses(try #require(WebURL("http://127.0.0.1:81/a"))))
        #expect(guarding.refuses(try #require(WebURL("http://other.lan/a"))))
        #expect(guarding.refuses(try #require(WebURL("http://127.0.0.2/a"))))
    }

    /// Against the ranges as numbers.
    @Test(arguments: 0..<200)
    func `ranges hold for every address`(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let prefixes: [(UInt32, Int)] = [
            (0, 8), (10 << 24, 8), (100 << 24 | 64 << 16, 10), (127 << 24, 8), (169 << 24 | 254 << 16, 16),
            (172 << 24 | 16 << 16, 12), (192 << 24, 24), (192 << 24 | 2 << 8, 24), (192 << 24 | 88 << 16 | 99 << 8, 24),
            (192 << 24 | 168 << 16, 16), (198 << 24 | 18 << 16, 15), (198 << 24 | 51 << 16 | 100 << 8, 24),
            (203 << 24 | 113 << 8, 24), (224 << 24, 3),
        ]
        for _ in 0..<100 {
            var address = UInt32(truncatingIfNeeded: random.next())
            if random.integer(below: 2) == 0 {
                let (prefix, length) = random.pick(prefixes)
                // Near the edges of a range, inside and outside.
                address =
                    prefix &+ (random.integer(below: 2) == 0 ? 0 : 1 << UInt32(32 - length))
                    &- UInt32(random.integer(below: 3))
            }
            let isPrivate = prefixes.contains { prefix, length in
                (address ^ prefix) >> UInt32(32 - length) == 0
            }
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: address >> UInt32(24 - 8 * $0)) }
            #expect(HostGuard.refuses(address: bytes) == isPrivate, "\(bytes)")
        }
    }
}

@Suite struct WebURLTests {
    @Test(
        arguments: [
            "", "example.org", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "http://",
            "http://user:pass@example.org/", "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/",
            "http://exa mple.org/", "http://example.org:99999/", "http://example.org:8a/", "http://[::1",
            "http://[::1]x/",
            "http://ex\u{0}ample.org/", "http://a\nb/", "http://ｅxample.org/", "http://%31%32%37.0.0.1/",
            "http://.org/",
            "http://a..b/", "gopher://x/", "http:/example.org", "http:example.org",
        ])
    func `what two readers could read differently is no address`(url: String) { #expect(WebURL(url) == nil) }

    @Test(
        arguments: [
            ("http://Example.ORG", "http://example.org/"),
            ("https://a.org:8443/x?q=1#part", "https://a.org:8443/x?q=1"),
            ("http://a.org?q", "http://a.org/?q"), ("http://a.org/a b", "http://a.org/a%20b"),
            ("http://a.org/ä", "http://a.org/%C3%A4"), ("http://[2606::1]:80/", "http://[2606::1]:80/"),
            ("http://a.org/a/../b/./c", "http://a.org/b/c"), ("http://a.org/../..", "http://a.org/"),
            (" https://a.org/x", "https://a.org/x"),
        ])
    func `addresses have one form`(url: String, form: String) { #expect(WebURL(url)?.description == form) }

    /// Examples of RFC 3986, section 5.4, as far as they stay `http`.
    @Test(
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
            ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g;x=1/../y", "http://a/b/c/y"),
            ("http://z/y", "http://z/y"), ("ftp://z/y", nil), ("g:h", nil),
        ] as [(String, String?)])
    func `references resolve as the standard says`(reference: String, target: String?) throws {
        let base = try #require(WebURL("http://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.description == target)
    }
}

@Suite struct BlockListTests {
    private let list = BlockList([
        "huggingface.co/datasets", "https://Leaks.example/", "*.mirror.test", " ", "a.test/x/",
    ])

    @Test(
        arguments: [
            ("https://huggingface.co/datasets/med", true), ("https://huggingface.co/datasets", true),
            ("https://huggingface.co/datasetsX", false), ("https://huggingface.co/models", false),
            ("https://hf.huggingface.co/datasets/a", true), ("https://nothuggingface.co/datasets", false),
            ("http://leaks.example", true), ("http://www.leaks.example/a", true), ("http://m.mirror.test/", true),
            ("http://mirror.test/", true), ("https://huggingface.co/%64atasets/a", true),
            ("https://huggingface.co/x/../datasets/a", true), ("https://HUGGINGFACE.co/Datasets/a", true),
            ("http://a.test/x", true), ("http://a.test/xy", false), ("no address", false),
        ])
    func `sites and what lies below them are blocked`(url: String, isBlocked: Bool) {
        #expect(list.blocks(url) == isBlocked)
    }

    @Test func `only whole hosts are handed to engines`() {
        #expect(list.hosts == ["leaks.example", "mirror.test"])
    }
}

@Suite struct HTMLTextTests {
    @Test(
        arguments: [
            ("<p>One</p><p>Two</p>", "One\n\nTwo"), ("a<br>b<br/>c", "a\nb\nc"), ("a &amp; b &lt;i&gt;", "a & b <i>"),
            ("&amp;lt;script&amp;gt;", "&lt;script&gt;"), ("<script>alert('<p>x</p>')</script>y", "y"),
            ("<style>p{}</style>y", "y"), ("<SCRIPT>x</ScRiPt >y", "y"), ("<script>never closed", ""),
            ("<!-- <p>no</p> -->y", "y"), ("<!-- not closed", ""), ("x<!DOCTYPE html>y", "xy"),
            ("<![CDATA[raw <b>]]>", "raw <b>"), ("p < 0.05 and q > 3", "p < 0.05 and q > 3"), ("a <3 b", "a <3 b"),
            ("<a href='x>y'>link</a>", "link"), ("<a href=\"x>y\">link</a>", "link"), ("<a title=\"open>text", "text"),
            ("<ul><li>one<li>two</ul>", "- one\n- two"), ("<h2>Head</h2>text", "# Head\ntext"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a | b |"), ("<b>bo</b>ld", "bold"), ("", ""), ("<", "<"),
            ("</", "</"), ("<a", ""), ("a&nbsp;b&#160;c", "a b c"), ("&#x2013;&#8211;&#150;", "–––"),
            ("&unknown; &copy &#0; &#xD800;", "&unknown; &copy &#0; &#xD800;"), ("IL&#8209;6", "IL\u{2011}6"),
            ("zero\u{200B}width\u{202E}", "zerowidth"), ("<svg><text>x</text></svg>y", "y"),
            ("<noscript>x</noscript><iframe>z</iframe>y", "y"), ("<my-tag>x</my-tag>", "x"),
            ("one\n two\t three", "one two three"), ("5 &times; 10<sup>9</sup>/L &micro;g", "5 × 109/L µg"),
        ])
    func `text is what a reader sees`(html: String, text: String) { #expect(HTMLText(html).text == text) }

    @Test func `the title is told apart`() {
        let page = HTMLText("<html><head><title>A &amp;\n B</title></head><body>x<svg><title>no</title></svg></body>")
        #expect(page.title == "A & B" && page.text == "x")
    }

    @Test(arguments: 0..<100)
    func `any bytes come to an end, and no markup survives`(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let pieces = [
            "<", ">", "</", "/>", "<p", "<script>", "</script>", "<!--", "-->", "&", ";", "&amp;", "\"", "'", "=", "a",
            " ",
            "\n", "]]>", "<title>", "</title>", "é", "<td>", "&#", "x41;", "\u{0}", "</scrip",
        ]
        let html = (0..<random.integer(below: 300)).map { _ in random.pick(pieces) }.joined()
        let text = HTMLText(html).text
        #expect(!text.contains("<script>") && !text.contains("\u{0}"))
        #expect(text.utf8.count <= 3 * html.utf8.count + 10)
    }

    /// A page of marks that are searched for and never found must not be read again for each of them.
    @Test(arguments: ["<script>", "<!--", "<a href=\"", "</scrip", "&", "<![CDATA["])
    func `a hostile page costs little`(mark: String) {
        let html = String(repeating: mark, count: 200_000 / mark.utf8.count)
        #expect(HTMLText(html).text.utf8.count <= html.utf8.count * 2)
    }
}
