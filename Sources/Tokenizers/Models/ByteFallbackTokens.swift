import Primitives

/// The entries `<0x00>` to `<0xFF>` of a vocabulary, which stand for single bytes.
struct ByteFallbackTokens: Sendable {
    private let ids: [TokenID?]

    init(_ vocabulary: Vocabulary) {
        ids = (UInt8.min...UInt8.max).map { vocabulary.id(of: Self.name(of: $0)) }
    }

    static func name(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
    }

    /// The byte of such an entry, whatever the case of its digits.
    static func byte(of text: some BidirectionalCollection<UInt8>) -> UInt8? {
        let bytes = Array(text)
        guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
    }

    /// The token of each byte, or `nil` when one of them has none.
    func tokens(of bytes: some Sequence<UInt8>) -> [TokenID]? {
        var result: [TokenID] = []
        for byte in bytes {
            guard let id = ids[Int(byte)] else { return nil }
            result.append(id)
        }
        return result
    }
}
