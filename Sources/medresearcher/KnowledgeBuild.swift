import ArgumentParser
import Backends
import Foundation
import Knowledge
import Recipes
import Reporting
import Storage
import Transport

struct KnowledgeBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Builds a graph from texts with a language model.",
        discussion: """
            Every fact is quoted from its document; facts whose quotation is not in the text are refused. What was read is \
            kept in a journal: the same command goes on where it stopped and asks for nothing twice.
            """)

    @Argument(help: "Documents: .jsonl, PubMed's .xml, .txt or .md, also compressed (.zst, .gz).")
    var files: [String]

    @Option(help: "Where the graph goes: a directory of three tables, or one file if the name ends in .graph.")
    var output: String

    @Option(help: "An OpenAI-compatible server, up to and without /chat/completions.")
    var url: String

    @Option(help: "The model's name at the server.")
    var model: String

    @Option(help: "The environment variable that holds the API key.")
    var apiKeyEnv: String?

    @Option(help: "What was read so far; OUTPUT.journal.jsonl if not given.")
    var journal: String?

    @Option(help: "A graph that the texts speak about: a directory, a graph file, or a triples table.")
    var onto: String?

    @Option(help: "What facts are attributed to where the documents do not say it.")
    var source: String?

    @Option(help: "The terms of facts where the documents do not say them.")
    var licence: String?

    @Option(help: "The bytes of a piece of text at most.")
    var chunkBytes = TextChunker().maximumBytes

    @Option(help: "The bytes that two neighbouring pieces share at most.")
    var overlapBytes = TextChunker().overlapBytes

    @Option(help: "How often the model is asked for what it missed.")
    var gleaning = KnowledgeBuilder.Settings().gleaningRounds

    @Option(help: "The tokens of an answer at most.")
    var maximumTokens = KnowledgeBuilder.Settings().maximumTokens

    @Option(help: "Requests in flight at most.")
    var concurrency = KnowledgeBuilder.Settings().concurrency

    @Option(help: "Dollars per million prompt tokens.")
    var promptPrice = 0.0

    @Option(help: "Dollars per million completion tokens.")
    var completionPrice = 0.0

    @Option(help: "Dollars that may be spent, those of earlier runs with this journal included.")
    var spendLimitUsd: Double?

    func validate() throws {
        if spendLimitUsd != nil, promptPrice == 0, completionPrice == 0 {
            throw ValidationError("--spend-limit-usd needs --prompt-price and --completion-price")
        }
        guard concurrency > 0, gleaning >= 0, maximumTokens > 0, promptPrice >= 0, completionPrice >= 0 else {
            throw ValidationError("--concurrency and --maximum-tokens must be positive, the other numbers not negative")
        }
    }

    func run() async throws {
        try OutputCheck.graph(output)
        let journal = journal ?? output + ".journal.jsonl"
        let price = TokenPrice(prompt: promptPrice, completion: completionPrice)
        let earlier = try KnowledgeBuilder.usage(journal: journal)
        let graph = try onto.map { path throws(KnowledgeError) in try KnowledgeGraph.load(path: path) }
        let interrupts = Interrupts()
        let stop = interrupts.stop
        let extractor = ChatFactExtractor(
            LimitedChatModel(
                try server(),
                spending: spendLimitUsd.map {
                    SpendLimit(limit: $0, price: price, spent: price.cost(earlier))
                }),
            server: url, shouldStop: { stop.isRequested })
        var settings = KnowledgeBuilder.Settings()
        settings.chunker = TextChunker(maximumBytes: chunkBytes, overlapBytes: overlapBytes)
        settings.gleaningRounds = gleaning
        settings.maximumTokens = maximumTokens
        settings.concurrency = concurrency
        let shows = Terminal.showsStandardError
        let outcome: KnowledgeBuilder.Outcome
        do {
            outcome = try await KnowledgeBuilder(extractor: extractor, settings: settings).build(
                files: files, journal: journal, source: source, licence: licence, graph: graph
            ) { progress in
                if shows || progress.chunks % 100 == 0 {
                    Terminal.writeToStandardError(Self.line(progress, price) + (shows ? "\u{1B}[K\r" : "\n"))
                }
            }
        } catch {
            if shows { Terminal.writeToStandardError("\n") }
            if FileStore.exists(journal) {
                Terminal.writeToStandardError(
                    "what was read until then is kept in \(journal); the same command goes on from there\n")
            }
            throw error
        }
        if shows { Terminal.writeToStandardError("\n") }
        print(Self.line(outcome.progress, price))
        if stop.isRequested {
            print("stopped; the same command goes on from \(journal)")
            throw ExitCode(130)
        }
        if outcome.progress.chunks > 0, outcome.progress.failedChunks == outcome.progress.chunks {
            print(outcome.draft.report)
            throw ExtractionFailure.unavailable(
                "no piece of the texts could be read to its end, so \(output) is not written; the report above says why. "
                    + "The same command asks again for all of them")
        }
        let merged = try GraphMerger().merge(outcome.draft)
        try merged.write(to: output, report: outcome.draft.report)
        print(outcome.draft.report)
        print(merged.summary)
        print("written to \(output)")
        if outcome.progress.failedChunks > 0 {
            print(
                "\(outcome.progress.failedChunks) of \(outcome.progress.chunks) pieces could not be read to their end; the "
                    + "same command asks again for those alone")
        }
        if let stopped = outcome.stopped {
            print("not all was read: \(stopped); the same command goes on from \(journal)")
            throw ExitCode(1)
        }
    }

    private func server() throws -> OpenAIChatModel {
        let key = try apiKeyEnv.map { variable in
            guard let key = ProcessInfo.processInfo.environment[variable] else {
                throw ValidationError("--api-key-env names \(variable), but that environment variable is not set")
            }
            return key
        }
        return OpenAIChatModel(
            name: model, baseURL: url, apiKey: key, apiKeyVariable: apiKeyEnv, client: HTTPClient())
    }

    private static func line(_ progress: KnowledgeBuilder.Progress, _ price: TokenPrice) -> String {
        var parts = [
            "\(progress.documents) documents", "\(progress.chunks) pieces (\(progress.resumedChunks) from the journal)",
            "\(progress.facts) facts", "\(progress.refused) refused",
            "\(progress.usage.promptTokens) + \(progress.usage.completionTokens) tokens",
        ]
        if progress.failedChunks > 0 { parts.insert("\(progress.failedChunks) failed", at: 2) }
        if price.prompt + price.completion > 0 {
            parts.append("$" + String(format: "%.4f", price.cost(progress.usage)))
        }
        return parts.joined(separator: ", ")
    }
}
