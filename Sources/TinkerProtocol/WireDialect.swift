/// The three dialects of the Tinker API (protocol notes, A.0).
///
/// Everything but forward and forward-backward bodies and the results of sampling and forward-backward is JSON in all of
/// them.
public enum WireDialect: String, Sendable, CaseIterable {
    /// JSON throughout (SDK up to 0.24).
    case json = "J"
    /// Protobuf bodies for forward-backward, compressed with zstd, and protobuf results (SDK 0.25).
    case protobuf = "P1"
    /// As ``protobuf``, with `sample_sequence_ids` in the promise of a sample (SDK from 0.26).
    case protobufWithSequences = "P2"

    /// The version of the SDK that a client of this dialect says it is.
    public var protocolVersion: String {
        switch self {
        case .json: "0.24.1"
        case .protobuf: "0.25.0"
        case .protobufWithSequences: "0.38.0"
        }
    }

    /// The media type of binary bodies.
    public static let mediaType = "application/x-protobuf"
}
