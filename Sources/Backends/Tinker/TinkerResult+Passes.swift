import Foundation
import Primitives
import TinkerProtocol

/// What a forward or forward-backward request reports.
struct PassResult: Sendable, Equatable {
    /// Of each datum, the logprob of each target.
    var logprobs: [[Float]]
    var metrics: [String: Double]
}

extension TinkerResult {
    /// The result of a pass over `datums`.
    func pass(over datums: some Collection<Datum>) throws(BackendError) -> PassResult {
        switch answer {
        case .json(let value): try pass(over: datums, in: value)
        case .protobuf(let bytes): try pass(over: datums, in: bytes)
        }
    }

    private func pass(over datums: some Collection<Datum>, in value: JSONValue) throws(BackendError) -> PassResult {
        guard let outputs = value["loss_fn_outputs"]?.arrayValue, outputs.count == datums.count else {
            throw garbage("`loss_fn_outputs` with one object for each of \(datums.count) datums", value)
        }
        var all: [[Float]] = []
        all.reserveCapacity(outputs.count)
        for (index, (output, datum)) in zip(outputs, datums).enumerated() {
            let expected = Self.expectation(index, datum)
            guard let tensor = output["logprobs"] else { throw garbage(expected, output) }
            all.append(try floats(tensor["data"], count: datum.count, expected))
        }
        return PassResult(logprobs: all, metrics: Self.numbers(value["metrics"]))
    }

    private func pass(over datums: some Collection<Datum>, in bytes: [UInt8]) throws(BackendError) -> PassResult {
        guard let message = try? TinkerPublic_ForwardBackwardOutput(serializedBytes: bytes) else {
            throw garbage("a `ForwardBackwardOutput`", inBytes: bytes.count)
        }
        let counts = message.lossFnOutputs.map(\.numDatums)
        guard counts.allSatisfy({ 0...Int64(datums.count) ~= $0 }), counts.reduce(0, +) == Int64(datums.count) else {
            throw garbage("`loss_fn_outputs` of \(datums.count) datums, not of \(counts)", inBytes: bytes.count)
        }
        var all: [[Float]] = []
        all.reserveCapacity(datums.count)
        var rest = datums[...]
        for record in message.lossFnOutputs where record.numDatums > 0 {
            guard let tensor = record.fields["logprobs"], let rows = tensor.rows(count: Int(record.numDatums)) else {
                throw garbage("`logprobs` with \(record.numDatums) rows and their offsets", inBytes: bytes.count)
            }
            for (row, datum) in zip(rows, rest) {
                guard let floats = PackedArrays.floats(row, type: tensor.dtype), floats.count == datum.count,
                    floats.allSatisfy(\.isFinite)
                else { throw garbage(Self.expectation(all.count, datum), inBytes: bytes.count) }
                all.append(floats)
            }
            rest = rest.dropFirst(rows.count)
        }
        return PassResult(logprobs: all, metrics: message.metrics)
    }

    private static func expectation(_ index: Int, _ datum: Datum) -> String {
        "`loss_fn_outputs[\(index)].logprobs.data` with \(datum.count) finite numbers"
    }
}
