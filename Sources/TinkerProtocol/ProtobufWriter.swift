import Foundation
import Primitives

/// Writes protocol-buffer fields straight into bytes.
///
/// Training batches are long arrays, which a tree of messages would copy several times; here each is copied once. Lengths
/// stand before contents on the wire, so that a caller computes a message's ``size(ofField:length:)`` before it writes it.
public struct ProtobufWriter {
    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// The bytes of a varint.
    public static func size(of value: UInt64) -> Int {
        max(1, (64 - value.leadingZeroBitCount + 6) / 7)
    }

    /// The bytes of a field of wire type 2 whose contents have `length` bytes.
    public static func size(ofField number: Int, length: Int) -> Int {
        size(of: UInt64(number) << 3) + size(of: UInt64(length)) + length
    }

    public mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Begins a field of wire type 2; its contents follow.
    public mutating func append(field number: Int, length: Int) {
        append(varint: UInt64(number) << 3 | 2)
        append(varint: UInt64(length))
    }

    public mutating func append(field number: Int, varint value: UInt64) {
        append(varint: UInt64(number) << 3)
        append(varint: value)
    }

    public mutating func append(field number: Int, double value: Double) {
        append(varint: UInt64(number) << 3 | 1)
        let bits = value.bitPattern
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }

    public mutating func append(field number: Int, string: String) {
        append(field: number, length: string.utf8.count)
        bytes.append(contentsOf: string.utf8)
    }

    public mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// As little-endian int32.
    public mutating func append(packed tokens: [TokenID]) {
        if 1.littleEndian == 1 {
            tokens.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } else {
            bytes.append(contentsOf: PackedArrays.data(tokens))
        }
    }

    /// As little-endian int64.
    public mutating func append(packedWide tokens: [TokenID]) {
        let wide = [Int64](unsafeUninitializedCapacity: tokens.count) { buffer, count in
            for (index, token) in tokens.enumerated() { buffer[index] = Int64(token).littleEndian }
            count = tokens.count
        }
        wide.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// As little-endian float32.
    public mutating func append(packed numbers: [Float]) {
        if 1.littleEndian == 1 {
            numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
        } else {
            bytes.append(contentsOf: PackedArrays.data(numbers))
        }
    }
}
