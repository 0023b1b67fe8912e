import ArgumentParser
import Foundation
import Primitives

/// Megabytes per second of JSON, against Foundation's JSONSerialization in the same process.
struct JSONBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "json", abstract: "JSON parsed and serialised, on a forward-backward request.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Datums in the request, of 300 tokens each.")
    var datums = 128

    func run() throws {
        let value = Self.request(datums: datums, tokens: 300)
        let bytes = value.serialized()
        let megabytes = Double(bytes.count) / 1e6
        let watch = Stopwatch(repetitions: options.repetitions)

        let parse = try watch.medianOfShort { consume(try JSONValue.parse(bytes)) }
        let serialise = watch.medianOfShort { consume(value.serialized()) }
        let data = Data(bytes)
        let object = try JSONSerialization.jsonObject(with: data)
        let peerParse = try watch.medianOfShort { consume(try JSONSerialization.jsonObject(with: data)) }
        let peerSerialise = try watch.medianOfShort { consume(try JSONSerialization.data(withJSONObject: object)) }

        var report = BenchmarkReport(
            benchmark: "json",
            workload: "a forward_backward request of \(datums) datums × 300 tokens, "
                + String(format: "%.1f MB", megabytes))
        let peer = "JSONSerialization"
        report.measurements = [
            Measurement(
                name: "parse", value: megabytes / parse, unit: "MB/s",
                peer: .init(name: peer, value: megabytes / peerParse)),
            Measurement(
                name: "serialise", value: megabytes / serialise, unit: "MB/s",
                peer: .init(name: peer, value: megabytes / peerSerialise)),
        ]
        report.notes = ["MB of the request as we write it, for both"]
        report.show(asJSON: options.json)
    }

    /// Random token ids, logprobs and advantages in the shape of a policy-gradient request.
    static func request(datums: Int, tokens: Int) -> JSONValue {
        var random = CounterRandom(seed: 7, stage: .reinforcement)
        func tensor(_ data: JSONValue, _ type: String) -> JSONValue {
            ["data": data, "dtype": .string(type), "shape": [.integer(tokens)]]
        }
        let data = (0..<datums).map { _ -> JSONValue in
            let sequence = (0...tokens).map { _ in TokenID(random.integer(below: 150_000)) }
            let mask = (0..<tokens).map { $0 < tokens / 2 ? Float(0) : 1 }
            let logprobs = mask.map { $0 * Float(-5 * random.uniform()) }
            let advantage = Float(random.uniform() - 0.5)
            return [
                "loss_fn_inputs": [
                    "target_tokens": tensor(.tokens(Array(sequence.dropFirst())), "int64"),
                    "weights": tensor(.floats(mask), "float32"),
                    "logprobs": tensor(.floats(logprobs), "float32"),
                    "advantages": tensor(.floats(mask.map { $0 * advantage }), "float32"),
                ],
                "model_input": [
                    "chunks": [["tokens": .tokens(Array(sequence.dropLast())), "type": "encoded_text"]]
                ],
            ]
        }
        return [
            "forward_backward_input": ["data": .array(data), "loss_fn": "importance_sampling"],
            "model_id": "model", "seq_id": 1,
        ]
    }
}
