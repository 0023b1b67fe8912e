import ArgumentParser
import Foundation
import Primitives
import Storage
import Synthesis

/// Megabytes per second of JSON that the data set's writer takes on one core, against the general JSON serializer.
struct SynthesisBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesis", abstract: "The writer of data sets: rows encoded, compressed and written.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A data set (train.jsonl.zst) whose conversations are written again.")
    var dataset: String

    @Option(help: "Megabytes of JSON to write in each repetition, at least.")
    var megabytes = 200

    func run() throws {
        let rows = try JSONLines.read(dataset)
        let examples = try rows.map { try DatasetExample(json: $0) }
        let tools = rows.first?["tools"]?.arrayValue ?? []
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        var written = 0
        var seconds: [Double] = []
        var processor: [Double] = []
        for repetition in 0...options.repetitions {
            let writer = try DatasetWriter(path: "\(directory)/\(repetition)", tools: tools, key: "benchmark")
            let start = ContinuousClock.now
            let before = ProcessorTime.now
            while writer.jsonByteCount < megabytes * 1_000_000 {
                for example in examples { try writer.append(example) }
            }
            try writer.finish()
            written = writer.jsonByteCount
            guard repetition > 0 else { continue }
            seconds.append(start.duration(to: .now).seconds)
            processor.append(ProcessorTime.now - before)
        }
        let watch = Stopwatch(repetitions: options.repetitions)
        let general = watch.medianOfShort { for row in rows { consume(row.serialized()) } }
        let generalBytes = rows.reduce(0) { $0 + $1.serialized().count + 1 }
        var report = BenchmarkReport(
            benchmark: "synthesis",
            workload: "\(examples.count) conversations again and again, "
                + String(format: "%.0f MB", Double(written) / 1e6))
        report.measurements = [
            Measurement(
                name: "write, processor time", value: Double(written) / 1e6 / processor.median, unit: "MB/s",
                peer: .init(name: "JSONValue.serialized() alone", value: Double(generalBytes) / 1e6 / general)),
            Measurement(name: "write, wall time", value: Double(written) / 1e6 / seconds.median, unit: "MB/s"),
        ]
        report.notes = [
            "MB of JSON before compression (zstd level 3), on one core; the peer neither compresses nor writes"
        ]
        report.show(asJSON: options.json)
    }
}
