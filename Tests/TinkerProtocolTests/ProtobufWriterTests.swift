import Foundation
import Primitives
import Testing
import TinkerProtocol

@Suite("Protobuf written straight into bytes")
struct ProtobufWriterTests {
    /// The examples of the encoding's specification (protobuf.dev, "Encoding"): 150 is 96 01, "testing" is 12 07 …
    @Test("Fields are as the specification shows them")
    func specification() {
        var writer = ProtobufWriter()
        writer.append(field: 1, varint: 150)
        writer.append(field: 2, string: "testing")
        #expect(writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    }

    @Test(
        "The size of a varint is what is written",
        arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 32, 1 << 62, UInt64.max] as [UInt64])
    func sizes(value: UInt64) {
        var writer = ProtobufWriter()
        writer.append(varint: value)
        #expect(writer.bytes.count == ProtobufWriter.size(of: value))
    }

    @Test("Packed arrays are those of the library")
    func packed() {
        var writer = ProtobufWriter()
        writer.append(packed: [1, -2, .max] as [TokenID])
        writer.append(packedWide: [1, -2, .max])
        writer.append(packed: [0.5, -.infinity] as [Float])
        let expected =
            PackedArrays.data([1, -2, .max] as [TokenID]) + PackedArrays.data([1, -2, 2_147_483_647] as [Int64])
            + PackedArrays.data([0.5, -.infinity] as [Float])
        #expect(Data(writer.bytes) == expected)
    }
}

@Suite("Packed tensors")
struct PackedTensorsTests {
    @Test("Integers of 32 bits are widened")
    func widening() {
        #expect(PackedArrays.integers(PackedArrays.data([3, -4] as [TokenID]), type: .int32) == [3, -4])
        #expect(PackedArrays.integers(PackedArrays.data([3, -4] as [Int64]), type: .int64) == [3, -4])
        #expect(PackedArrays.integers(Data(count: 8), type: .float32) == nil)
    }

    @Test("A bfloat16 is the upper half of a float")
    func halves() {
        #expect(PackedArrays.floats(Data([0xC0, 0xBF, 0x00, 0x00]), type: .bfloat16) == [-1.5, 0])
        #expect(PackedArrays.floats(Data([0xC0]), type: .bfloat16) == nil)
        #expect(PackedArrays.floats(Data(count: 8), type: .int64) == nil)
    }

    @Test("Offsets that do not cut the data into rows are refused")
    func rows() {
        var tensor = TinkerPublic_BatchedTensor()
        tensor.data = Data([1, 2, 3, 4])
        tensor.offsets = PackedArrays.data([0, 1, 1, 4] as [Int64])
        #expect(tensor.rows(count: 3) == [Data([1]), Data(), Data([2, 3, 4])])
        #expect(tensor.rows(count: 2) == nil)
        for offsets in [[0, 3, 1, 4], [0, 1, 1, 5], [1, 1, 1, 4], [0, 1, 1, 3], [0, -1, 1, 4]] as [[Int64]] {
            tensor.offsets = PackedArrays.data(offsets)
            #expect(tensor.rows(count: 3) == nil)
        }
    }
}
