import Primitives
import TinkerProtocol

/// Datums as the bodies of forward and forward-backward requests, in every dialect.
enum DatumEncoder {
    /// The largest request a server takes; the defaults are the protocol's.
    struct Limits: Sendable, Equatable {
        var datums = 1024
        var bytes = 5_000_000
    }

    /// A part of a batch that fits one request: its encoded datums, and which datums they are.
    struct Chunk: Sendable {
        /// In JSON an array; in protobuf the fields `data` of a `ForwardBackwardRequest`, one after the other.
        var data: [UInt8]
        var range: Range<Int>
        var dialect: WireDialect
    }

    /// A request's body and what it is made of.
    struct Body: Sendable {
        var bytes: [UInt8]
        var contentType: String
    }

    /// Encodes datums in order into as few chunks as the limits allow. A datum over the byte limit gets a chunk of its own.
    static func chunks(
        _ datums: [Datum], loss: LossFunction, sendsWeights: Bool, limits: Limits, dialect: WireDialect = .json
    ) throws(BackendError) -> [Chunk] {
        guard !datums.isEmpty else { throw .invalidRequest(detail: "there is no datum in the batch") }
        var chunks: [Chunk] = []
        var open = OpenChunk(dialect: dialect)
        var start = 0
        for (index, datum) in datums.enumerated() {
            try check(datum, index: index)
            let bytes =
                dialect == .json
                ? json(datum, loss: loss, sendsWeights: sendsWeights)
                : protobuf(datum, loss: loss, sendsWeights: sendsWeights)
            let isFull = index - start >= limits.datums || open.bytes.count + bytes.count + 2 > limits.bytes
            if index > start, isFull {
                chunks.append(open.closed(start..<index))
                open = OpenChunk(dialect: dialect)
                start = index
            }
            open.append(bytes)
        }
        chunks.append(open.closed(start..<datums.count))
        return chunks
    }

    /// The body of a forward pass, with or without the backward pass.
    static func body(
        _ chunk: Chunk, forwardOnly: Bool, loss: LossFunction, modelIdentifier: String, sequence: Int
    ) -> Body {
        switch chunk.dialect {
        case .json:
            Body(
                bytes: jsonBody(
                    chunk, forwardOnly: forwardOnly, loss: loss, modelIdentifier: modelIdentifier, sequence: sequence),
                contentType: "application/json")
        case .protobuf, .protobufWithSequences:
            Body(
                bytes: protobufBody(
                    chunk, forwardOnly: forwardOnly, loss: loss, modelIdentifier: modelIdentifier, sequence: sequence),
                contentType: WireDialect.mediaType)
        }
    }

    /// The path of a forward pass without the backward pass: in protobuf a flag tells them apart.
    static func forwardPath(_ dialect: WireDialect) -> String { dialect == .json ? "forward" : "forward_backward" }

    private struct OpenChunk {
        let dialect: WireDialect
        var bytes: [UInt8] = []

        mutating func append(_ datum: [UInt8]) {
            if dialect == .json { bytes.append(bytes.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ",")) }
            bytes.append(contentsOf: datum)
        }

        func closed(_ range: Range<Int>) -> Chunk {
            Chunk(data: dialect == .json ? bytes + [UInt8(ascii: "]")] : bytes, range: range, dialect: dialect)
        }
    }

    private static func check(_ datum: Datum, index: Int) throws(BackendError) {
        guard datum.count > 0 else { throw .invalidRequest(detail: "datum \(index) of the batch is empty") }
        for (name, values) in [
            ("weights", datum.weights), ("logprobs", datum.logprobs), ("advantages", datum.advantages),
        ] {
            if let position = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalidRequest(
                    detail: "\(name) of datum \(index) holds \(values[position]) at position \(position); "
                        + "finite numbers were expected")
            }
        }
        for tokens in [datum.inputTokens, datum.targetTokens] {
            if let token = tokens.first(where: { $0 < 0 }) {
                throw .invalidRequest(detail: "datum \(index) holds the negative token id \(token)")
            }
        }
    }
}
