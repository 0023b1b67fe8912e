import Foundation
import Primitives

/// Arrays as the protocol's binary bodies hold them: little-endian, without padding.
public enum PackedArrays {
    public static func data(_ tokens: [TokenID]) -> Data { bytes(of: tokens.map(\.littleEndian)) }

    public static func data(_ integers: [Int64]) -> Data { bytes(of: integers.map(\.littleEndian)) }

    public static func data(_ numbers: [Float]) -> Data { bytes(of: numbers.map(\.bitPattern.littleEndian)) }

    /// `nil` where the length is no multiple of four bytes.
    public static func tokens(_ data: Data) -> [TokenID]? {
        elements(data, of: Int32.self)?.map(Int32.init(littleEndian:))
    }

    /// `nil` where the length is no multiple of eight bytes.
    public static func integers(_ data: Data) -> [Int64]? {
        elements(data, of: Int64.self)?.map(Int64.init(littleEndian:))
    }

    /// `nil` where the length is no multiple of four bytes.
    public static func floats(_ data: Data) -> [Float]? {
        elements(data, of: UInt32.self)?.map { Float(bitPattern: UInt32(littleEndian: $0)) }
    }

    private static func bytes<Element>(of array: [Element]) -> Data {
        array.withUnsafeBytes { Data($0) }
    }

    private static func elements<Element: BitwiseCopyable>(_ data: Data, of type: Element.Type) -> [Element]? {
        let size = MemoryLayout<Element>.size
        guard data.count.isMultiple(of: size) else { return nil }
        return [Element](unsafeUninitializedCapacity: data.count / size) { buffer, count in
            _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            count = data.count / size
        }
    }
}
