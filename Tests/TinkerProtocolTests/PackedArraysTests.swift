import Foundation
import Primitives
import Testing
import TinkerProtocol

@Suite("Packed arrays")
struct PackedArraysTests {
    @Test("Tokens are little-endian int32")
    func tokens() {
        let data = PackedArrays.data([1, 258, -1] as [TokenID])
        #expect(Array(data) == [1, 0, 0, 0, 2, 1, 0, 0, 255, 255, 255, 255])
        #expect(PackedArrays.tokens(data) == [1, 258, -1])
    }

    @Test("Numbers keep their bits, NaN's included")
    func floats() {
        let numbers: [Float] = [0, -0.0, 1.5, .nan, -.infinity, .leastNonzeroMagnitude]
        let read = PackedArrays.floats(PackedArrays.data(numbers))
        #expect(read?.map(\.bitPattern) == numbers.map(\.bitPattern))
    }

    @Test("A length that is no whole number of elements is refused", arguments: [1, 2, 3, 5])
    func incomplete(length: Int) {
        let data = Data(repeating: 0, count: length)
        #expect(PackedArrays.tokens(data) == nil)
        #expect(PackedArrays.floats(data) == nil)
        #expect(PackedArrays.integers(data) == nil)
    }

    @Test("A slice of data is read from its own start")
    func slice() {
        let data = PackedArrays.data([7, 8, 9] as [Int64])
        #expect(PackedArrays.integers(data[8...]) == [8, 9])
    }
}
