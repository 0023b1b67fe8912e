import Primitives
import Testing
import Transport

@testable import Agents

@Suite struct SourceCatalogueTests {
    private let http = HTTPClient()
    private let keys = [
        "SERPER_API_KEY": "serper-key", "TAVILY_API_KEY": "tavily-key", "BRAVE_API_KEY": "brave-key",
        "MINE": "my-own-key",
    ]

    private func make(
        _ name: String, _ environment: [String: String]? = nil, _ change: (inout SourceSettings) -> Void = { _ in }
    ) throws(SourceCatalogueError) -> [any Tool] {
        var settings = SourceSettings()
        if name == "searxng" { settings.url = "http://searx.test" }
        change(&settings)
        return try SourceCatalogue.make(name, settings, http: http, environment: environment ?? keys)
    }

    @Test(arguments: SourceCatalogue.entries.map(\.name))
    func `every source makes the tools that it names`(name: String) throws {
        let tools = try make(name)
        #expect(tools.map(\.description.name) == (try SourceCatalogue.entry(name)).tools)
        for tool in tools {
            #expect(!tool.traits.isTrusted)
            #expect(tool.description.description.hasSuffix("."))
            #expect(tool.description.parameters["type"] == "object")
        }
    }

    @Test(arguments: SourceCatalogue.entries.map(\.name))
    func `a source's tools can be named otherwise, apart from each other`(name: String) throws {
        let names = try make(name) { $0.toolName = "lookup" }.map(\.description.name)
        #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix("lookup") }, "\(names)")
        #expect(names.allSatisfy { !$0.hasSuffix("_") })
    }

    @Test func `an unknown source names the nearest`() {
        let error = #expect(throws: SourceCatalogueError.self) { try make("pubmde") }
        #expect(error?.description.contains("did you mean pubmed?") == true)
    }

    @Test(arguments: ["serper", "tavily", "brave"])
    func `a paid source wants its key`(name: String) throws {
        let error = #expect(throws: SourceCatalogueError.self) { try make(name, [:]) }
        #expect(error?.description.contains("_API_KEY is not set") == true)
        #expect(try make(name, ["MINE": "my-own-key"]) { $0.apiKeyEnv = "MINE" }.count == 1)
    }

    @Test func `a variable that a recipe names must be set`() {
        #expect(throws: SourceCatalogueError.missingKey(source: "pubmed", variable: "NONE")) {
            try make("pubmed") { $0.apiKeyEnv = "NONE" }
        }
    }

    @Test(arguments: ["abc", "a key", "key\n", "schlüssel"])
    func `what cannot be a key is refused without showing it`(key: String) {
        let error = #expect(throws: SourceCatalogueError.self) { try make("serper", ["SERPER_API_KEY": key]) }
        #expect(error?.description.contains(key) == false)
    }

    @Test(
        arguments: [
            "searx.test", "ftp://searx.test", "http://user:secret@searx.test", "http://searx.test?key=secret",
            "http://searx.test#a",
        ])
    func `a source's address must be plain`(url: String) {
        let error = #expect(throws: SourceCatalogueError.self) { try make("searxng") { $0.url = url } }
        #expect(error?.description.contains("no address") == true && error?.description.contains("secret") == false)
    }

    @Test func `a key does not travel the internet unencrypted`() throws {
        #expect(throws: SourceCatalogueError.insecureURL(source: "tavily", value: "http://api.tavily.com")) {
            try make("tavily") { $0.url = "http://api.tavily.com/" }
        }
        #expect(try make("tavily") { $0.url = "http://127.0.0.1:8080" }.count == 1)
        #expect(try make("searxng") { $0.url = "http://searx.example.org" }.count == 1)
    }

    @Test func `searxng wants an address`() {
        #expect(throws: SourceCatalogueError.missingURL(source: "searxng")) { try make("searxng") { $0.url = nil } }
    }

    @Test(
        arguments: [
            { $0.limit = 0 }, { $0.limit = 51 }, { $0.ratePerSecond = 0 }, { $0.ratePerSecond = .nan },
            { $0.burst = 0 },
            { $0.timeout = .zero }, { $0.costPerCall = -1 }, { $0.cacheBytes = 10 }, { $0.maximumCharacters = 10 },
            { $0.perDay = 0 }, { $0.maximumBytes = 1 },
        ] as [@Sendable (inout SourceSettings) -> Void])
    func `settings out of range are refused`(change: @Sendable (inout SourceSettings) -> Void) {
        #expect(throws: SourceCatalogueError.self) { try make("pubmed", nil, change) }
    }
}
