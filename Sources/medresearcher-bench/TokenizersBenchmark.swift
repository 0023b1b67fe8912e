import ArgumentParser
import Dispatch
import Foundation
import Primitives
import Storage
import Tokenizers

/// Megabytes of text that are encoded per second of processor time, against HF `tokenizers` and tiktoken in the same run.
struct TokenizersBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizers",
        abstract: "Encoding of medical text cold, warm, without the piece cache and on two threads; load times.",
        discussion: """
            Rates are megabytes of UTF-8 per second of processor time, of all threads together, so that another load on \
            the machine counts little. Cold: a tokenizer that has encoded nothing yet. Peers: the packages tokenizers and \
            tiktoken of the Python that --python names; their ids must equal ours.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A byte-level tokenizer.json, the same as .zst, or a model's directory.")
    var tokenizer = "../shared/tokenizers/qwen3"

    @Option(help: "A file of JSON lines with `text` (.jsonl or .jsonl.zst).")
    var corpus = "../shared/data/retrieval/medquad/corpus.jsonl.zst"

    @Option(help: "Megabytes of text to take from the corpus, repeated if it has less.")
    var megabytes = 20

    @Option(help: "The Python interpreter of the peers.")
    var python = "python3"

    private static let decoding = "decoding"

    func run() throws {
        let texts = try corpusTexts()
        let megabytes = Double(texts.reduce(0) { $0 + $1.utf8.count }) / 1e6
        var report = BenchmarkReport(
            benchmark: "tokenizers",
            workload: String(format: "%d texts of %@, %.1f MB, %@", texts.count, corpus, megabytes, tokenizer))
        let (ids, rates) = try measure(texts, megabytes)
        let peers = try peerRates(texts, expected: ids, notes: &report.notes)
        for rate in rates {
            // The peers encode; decoding stands alone.
            let rivals = rate.name == Self.decoding ? [] : peers
            if rivals.isEmpty { report.measurements.append(rate) }
            for peer in rivals {
                var measurement = rate
                measurement.peer = peer
                report.measurements.append(measurement)
            }
        }
        try appendLoadTimes(to: &report)
        try appendHostileTexts(to: &report)
        report.show(asJSON: options.json)
    }

    private func corpusTexts() throws -> [String] {
        let rows = try JSONLines.read(corpus)
        var texts: [String] = []
        var size = 0
        while size < megabytes * 1_000_000 {
            for row in rows where size < megabytes * 1_000_000 {
                let text = try row.string(at: "text")
                texts.append(text)
                size += text.utf8.count
            }
            guard size > 0 else { throw ValidationError("\(corpus) has no text") }
        }
        return texts
    }

    /// Processor seconds of a body, all threads.
    private func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ProcessorTime.now
        try body()
        return ProcessorTime.now - start
    }

    private func measure(_ texts: [String], _ megabytes: Double) throws -> (ids: [[TokenID]], rates: [Measurement]) {
        let tokenizer = try Tokenizer.load(path: tokenizer)
        var ids: [[TokenID]] = []
        let cold = processorSeconds { ids = texts.map { tokenizer.encode($0, splitSpecialTokens: false) } }
        let warm = (0..<options.repetitions).map { _ in
            processorSeconds { for text in texts { consume(tokenizer.encode(text, splitSpecialTokens: false)) } }
        }.median
        let uncached = try Tokenizer.load(path: self.tokenizer, cachesPieces: false)
        let bare = (0..<options.repetitions).map { _ in
            processorSeconds { for text in texts { consume(uncached.encode(text, splitSpecialTokens: false)) } }
        }.median
        let threads = try Tokenizer.load(path: self.tokenizer)
        let middle = texts.count / 2
        let halves = [texts[..<middle], texts[middle...]]
        func encodeOnTwoThreads() {
            DispatchQueue.concurrentPerform(iterations: 2) { half in
                for text in halves[half] { consume(threads.encode(text, splitSpecialTokens: false)) }
            }
        }
        encodeOnTwoThreads()
        let two = (0..<options.repetitions).map { _ in processorSeconds(encodeOnTwoThreads) }.median
        let decoded = (0..<options.repetitions).map { _ in
            processorSeconds { for one in ids { consume(tokenizer.decode(one)) } }
        }.median
        let rates = [
            ("one thread, cold", cold), ("one thread, warm", warm), ("piece cache off", bare),
            ("two threads, warm", two),
        ].map { Measurement(name: $0.0, value: megabytes / $0.1, unit: "MB/s") }
        return (ids, rates + [Measurement(name: Self.decoding, value: megabytes / decoded, unit: "MB/s")])
    }

    private func peerRates(
        _ texts: [String], expected: [[TokenID]], notes: inout [String]
    ) throws -> [Measurement.Peer] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("medresearcher-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let textFile = folder.appendingPathComponent("texts.jsonl").path
        let tokenizerFile = folder.appendingPathComponent("tokenizer.json").path
        try FileStore.writeAtomically(JSONLines.encode(texts.map { .string($0) }), to: textFile)
        try FileStore.writeAtomically(try Tokenizer.fileContent(path: tokenizer), to: tokenizerFile)
        var hash = SHA256()
        for one in expected { hash.update(Array((one.map(String.init).joined(separator: " ") + "\n").utf8)) }
        let digest = hash.hexadecimal()
        var rates: [Measurement.Peer] = []
        for kind in TokenizersPeer.scorers {
            do {
                let output = try PythonPeer(interpreter: python).run(
                    TokenizersPeer.script,
                    input: ["kind": .string(kind), "texts": .string(textFile), "tokenizer": .string(tokenizerFile)])
                rates.append(.init(name: kind, value: try output.double(at: "rate")))
                let agrees = try output.string(at: "digest") == digest
                notes.append(
                    "\(kind): \(try output.integer(at: "tokens")) ids, \(agrees ? "equal to ours" : "NOT equal to ours")"
                )
            } catch {
                notes.append("\(kind) was not measured: \(error)")
            }
        }
        return rates
    }

    private func appendLoadTimes(to report: inout BenchmarkReport) throws {
        let seconds = try Stopwatch(repetitions: options.repetitions).median { _ in
            consume(try Tokenizer.load(path: tokenizer))
        }
        report.measurements.append(
            Measurement(name: "load, cached", value: seconds * 1e3, unit: "ms", direction: .lowerIsBetter))
        let plain = try Stopwatch(repetitions: options.repetitions).median { _ in
            consume(try Tokenizer.load(path: tokenizer, keepsTables: false))
        }
        report.measurements.append(
            Measurement(name: "load, from JSON", value: plain * 1e3, unit: "ms", direction: .lowerIsBetter))
    }

    /// Inputs on which a careless tokenizer is quadratic: ten times the text should take about ten times as long.
    private func appendHostileTexts(to report: inout BenchmarkReport) throws {
        let tokenizer = try Tokenizer.load(path: tokenizer)
        let units: [(name: String, text: String)] = [
            ("a", "a"), ("spaces", " "), ("line ends", "\n"), ("digits", "7"), ("combining marks", "\u{301}"),
            ("apostrophes", "'"), ("CJK", "漢"), ("mixed marks", "\u{301}\u{323}"),
        ]
        for unit in units {
            let times = [100_000, 1_000_000].map { count in
                let text = String(repeating: unit.text, count: count)
                return Stopwatch(repetitions: options.repetitions).median { _ in
                    consume(tokenizer.encode(text, splitSpecialTokens: false))
                }
            }
            report.measurements.append(
                Measurement(
                    name: "100,000 × \(unit.name)", value: times[0] * 1e3, unit: "ms", direction: .lowerIsBetter))
            report.measurements.append(
                Measurement(
                    name: "ten times as many \(unit.name)", value: times[1] / times[0], unit: "× the time",
                    direction: .lowerIsBetter))
        }
    }
}
