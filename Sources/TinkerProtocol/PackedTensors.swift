import Foundation
import Primitives

/// Tensors as results of dialects P1 and P2 hold them: raw elements of a type that is named beside them.
extension PackedArrays {
    /// The elements of a float tensor; bfloat16 is the upper half of a float32. `nil` for other types and odd lengths.
    public static func floats(_ data: Data, type: TinkerPublic_DType) -> [Float]? {
        switch type {
        case .float32: return floats(data)
        case .bfloat16:
            guard data.count.isMultiple(of: 2) else { return nil }
            let bytes = [UInt8](data)
            return stride(from: 0, to: bytes.count, by: 2).map { index in
                Float(bitPattern: (UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8) << 16)
            }
        default: return nil
        }
    }

    /// The elements of an integer tensor, int32 widened. `nil` for other types and odd lengths.
    public static func integers(_ data: Data, type: TinkerPublic_DType) -> [Int64]? {
        switch type {
        case .int64: integers(data)
        case .int32: tokens(data)?.map(Int64.init)
        default: nil
        }
    }
}

extension TinkerPublic_BatchedTensor {
    /// The bytes of each of `count` rows; `nil` where the offsets do not cut the data into that many.
    public func rows(count: Int) -> [Data]? {
        guard let offsets = PackedArrays.integers(offsets), offsets.count == count + 1, offsets.first == 0,
            offsets.last == Int64(data.count), zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        return zip(offsets, offsets.dropFirst()).map { start, end in
            data[data.startIndex + Int(start)..<data.startIndex + Int(end)]
        }
    }
}
