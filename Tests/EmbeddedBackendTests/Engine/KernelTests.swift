import CKernels
import Foundation
import Primitives
import Testing

/// The blocked kernels against the plain ones, bit for bit, and those against sums in double precision.
struct KernelTests {
    struct Shape: CustomTestStringConvertible {
        var (m, n, k): (Int, Int, Int)
        var transposed = false
        var adding = false
        var testDescription: String { "\(m)×\(n)×\(k)\(transposed ? " of Aᵀ" : "")\(adding ? " added" : "")" }
    }

    static let shapes = [
        Shape(m: 1, n: 1, k: 1), Shape(m: 13, n: 33, k: 40), Shape(m: 25, n: 96, k: 1100),
        Shape(m: 7, n: 31, k: 2049), Shape(m: 24, n: 64, k: 16, adding: true),
        Shape(m: 37, n: 70, k: 29, transposed: true, adding: true), Shape(m: 12, n: 32, k: 1030, transposed: true),
        Shape(m: 300, n: 40, k: 17, transposed: true, adding: true),
    ]

    static func random(_ count: Int, seed: UInt64) -> [Float] {
        var random = CounterRandom(seed: seed, stage: .initialization)
        return (0..<count).map { _ in Float(random.uniform() - 0.5) }
    }

    @Test(arguments: shapes)
    func productsAreTheSameBitsHoweverTheyArePacked(shape: Shape) {
        let (m, n, k) = (shape.m, shape.n, shape.k)
        let (a, w) = (Self.random(m * k, seed: 1), Self.random(n * k, seed: 2))
        let start = Self.random(m * n, seed: 3)
        let (row, column) = shape.transposed ? (1, m) : (k, 1)
        let adding: Int32 = shape.adding ? 1 : 0
        var packed = [Float](repeating: 0, count: mr_packed_count(k, n))
        mr_pack(w, 1, k, k, n, &packed)
        var scratch = [Float](repeating: .nan, count: mr_product_scratch(k))
        var (plain, blocked, prepacked) = (start, start, start)
        mr_matmul(m, n, k, a, row, column, packed, &plain, n, adding)
        mr_product(m, n, k, a, row, column, w, 1, k, &blocked, n, adding, &scratch)
        mr_product_packed(m, n, k, a, row, column, packed, &prepacked, n, adding, &scratch)
        #expect(plain == blocked)
        #expect(plain == prepacked)
        var worst = 0.0
        for i in 0..<m {
            for j in 0..<n {
                var sum = shape.adding ? Double(start[i * n + j]) : 0
                for r in 0..<k { sum += Double(a[i * row + r * column]) * Double(w[j * k + r]) }
                worst = max(worst, abs(sum - Double(plain[i * n + j])))
            }
        }
        #expect(worst <= 1e-6 * Double(k).squareRoot() + 1e-6, "error \(worst)")
    }

    @Test func aPlainRowMajorRightOperandGivesTheSameBits() {
        let (m, n, k) = (19, 75, 133)
        let (a, b) = (Self.random(m * k, seed: 1), Self.random(k * n, seed: 2))
        var packed = [Float](repeating: 0, count: mr_packed_count(k, n))
        mr_pack(b, n, 1, k, n, &packed)
        var scratch = [Float](repeating: .nan, count: mr_product_scratch(k))
        var plain = [Float](repeating: 0, count: m * n)
        var blocked = plain
        mr_matmul(m, n, k, a, k, 1, packed, &plain, n, 0)
        mr_product(m, n, k, a, k, 1, b, n, 1, &blocked, n, 0, &scratch)
        #expect(plain == blocked)
    }

    @Test(arguments: [(16, 37), (24, 8), (128, 50), (10, 3)])
    func manyQueriesAttendAsOneAtATime(size: Int, length: Int) {
        let padded = mr_padded(size)
        let room = (length + 15) / 16 * 16
        let queries = Self.random(length * size, seed: 4)
        let dout = Self.random(length * size, seed: 5)
        func rows(_ seed: UInt64) -> [Float] {
            let head = Self.random(length * size, seed: seed)
            return (0..<room).flatMap { t in
                (0..<padded).map { t < length && $0 < size ? head[t * size + $0] : 0 }
            }
        }
        let (keys, values) = (rows(6), rows(7))
        var keyBlocks = [Float](repeating: 9, count: room * size)
        var valueBlocks = keyBlocks
        keys.withUnsafeBufferPointer { keys in
            values.withUnsafeBufferPointer { values in
                guard let keys = keys.baseAddress, let values = values.baseAddress else { return }
                for t in 0..<length {
                    mr_store_key(&keyBlocks, t, size, keys + t * padded)
                    mr_store_key(&valueBlocks, t, size, values + t * padded)
                }
            }
        }
        let scale: Float = 0.3
        var scratch = [Float](repeating: .nan, count: mr_attend_scratch(length, size))
        let zeros = [Float](repeating: 0, count: length * size)
        var (out, one) = (zeros, zeros)
        var (maximum, inverse) = ([Float](repeating: 0, count: length), [Float](repeating: 0, count: length))
        mr_attend_rows(
            queries, size, keyBlocks, values, 0, length, size, scale, &scratch, &out, size, &maximum, &inverse, 1)
        let noGradient = [Float](repeating: 0, count: room * padded)
        var (dquery, dkeys, dvalues) = (zeros, noGradient, noGradient)
        mr_attend_rows_backward(
            queries, size, keyBlocks, keys, valueBlocks, 0, length, size, scale, maximum, inverse, 1, dout, size,
            &scratch, &dquery, size, &dkeys, &dvalues)
        var (oneQuery, oneKeys, oneValues) = (zeros, noGradient, noGradient)
        for t in 0..<length {
            let range = t * size..<(t + 1) * size
            let (query, gradient) = (Array(queries[range]), Array(dout[range]))
            var (result, top, scaleOfSum) = ([Float](repeating: 0, count: size), Float(0), Float(0))
            mr_attend(query, keyBlocks, values, t + 1, size, scale, &scratch, &result, &top, &scaleOfSum)
            one.replaceSubrange(range, with: result)
            #expect(top == maximum[t] && scaleOfSum == inverse[t])
            var dq = [Float](repeating: 0, count: size)
            mr_attend_backward(
                query, keyBlocks, keys, valueBlocks, t + 1, size, scale, top, scaleOfSum, gradient, &scratch, &dq,
                &oneKeys, &oneValues)
            oneQuery.replaceSubrange(range, with: dq)
        }
        #expect(out == one)
        #expect(dquery == oneQuery)
        #expect(dkeys == oneKeys)
        #expect(dvalues == oneValues)
    }

    @Test(arguments: [1, 16, 35])
    func aStepOfAdamWFollowsItsFormulaAndClearsTheGradient(count: Int) {
        let start = Self.random(count, seed: 8)
        let gradient = Self.random(count, seed: 9)
        var (parameters, g) = (start, gradient)
        var (first, second) = ([Float](repeating: 0.01, count: count), [Float](repeating: 0.02, count: count))
        mr_adamw(&parameters, &g, &first, &second, count, 0.1, 0.9, 0.95, 1e-8, 0.5, 3, 2)
        #expect(g.allSatisfy { $0 == 0 })
        for i in 0..<count {
            let scaled = 2 * Double(gradient[i])
            let m = 0.9 * 0.01 + 0.1 * scaled
            let v = 0.95 * 0.02 + 0.05 * scaled * scaled
            let step = 0.1 * (m / (1 - pow(0.9, 3))) / ((v / (1 - pow(0.95, 3))).squareRoot() + 1e-8)
            let expected = Double(start[i]) * (1 - 0.1 * 0.5) - step
            #expect(abs(Double(parameters[i]) - expected) < 1e-6)
        }
    }
}
