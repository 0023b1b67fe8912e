/// One gzip member or several (RFC 1952), decompressed as they are read; every member's checksum and length are checked.
///
/// Written here because no compression library but zstd is linked. The bodies are deflate streams (RFC 1951).
final class GzipStream {
    /// How far back a deflate stream may refer.
    private static let window = 1 << 15
    private static let pieceSize = 1 << 18
    private static let longestMatch = 258

    private enum State {
        case beforeMember, beforeBlock, ended
        case stored(remaining: Int)
        case compressed(literals: HuffmanTable, distances: HuffmanTable)
    }

    private let path: String
    private let refill: () throws(StorageError) -> [UInt8]?
    private var input: [UInt8] = []
    private var inputPosition = 0
    private var inputOffset = 0
    /// The bits read but not taken yet, the first one lowest.
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// The window of bytes given out before, then the bytes of the piece in the making.
    private let output: UnsafeMutablePointer<UInt8>
    private var outputCount = 0
    private var state = State.beforeMember
    private var isFinalBlock = false
    /// Where in `output` the bytes of the member begin that its checksum does not cover yet.
    private var uncovered = 0
    private var checksum = CRC32()
    private var memberLength: UInt32 = 0

    /// - Parameter refill: gives the next bytes of the file; `nil` at its end.
    init(path: String, refill: @escaping () throws(StorageError) -> [UInt8]?) {
        self.path = path
        self.refill = refill
        output = .allocate(capacity: Self.window + Self.pieceSize + Self.longestMatch)
    }

    deinit { output.deallocate() }

    func next() throws(StorageError) -> [UInt8]? {
        let kept = min(outputCount, Self.window)
        output.update(from: output + (outputCount - kept), count: kept)
        (outputCount, uncovered) = (kept, kept)
        let limit = kept + Self.pieceSize
        working: while outputCount < limit {
            switch state {
            case .beforeMember: try readMemberHeader()
            case .beforeBlock: try readBlockHeader()
            case .stored(let remaining): try copyStored(remaining, upTo: limit)
            case .compressed(let literals, let distances): try inflate(literals, distances, upTo: limit)
            case .ended: break working
            }
        }
        cover()
        guard outputCount > kept else { return nil }
        return Array(UnsafeBufferPointer(start: output + kept, count: outputCount - kept))
    }

    // MARK: Members

    private func readMemberHeader() throws(StorageError) {
        try fill()
        guard bitCount > 0 || inputOffset + inputPosition == 0 else {
            state = .ended
            return
        }
        guard try take(16) == 0x8B1F else { throw failure("these are not the first bytes of gzip data") }
        guard try take(8) == 8 else { throw failure("the compression method is unknown, expected deflate") }
        let flags = try take(8)
        for _ in 0..<6 { _ = try take(8) }
        if flags & 4 != 0 {
            for _ in 0..<(try take(16)) { _ = try take(8) }
        }
        if flags & 8 != 0 { while try take(8) != 0 {} }
        if flags & 16 != 0 { while try take(8) != 0 {} }
        if flags & 2 != 0 { _ = try take(16) }
        (checksum, memberLength, uncovered) = (CRC32(), 0, outputCount)
        state = .beforeBlock
    }

    private func cover() {
        let count = outputCount - uncovered
        checksum.update(UnsafeBufferPointer(start: output + uncovered, count: count))
        memberLength &+= UInt32(truncatingIfNeeded: count)
        uncovered = outputCount
    }

    private func readMemberTrailer() throws(StorageError) {
        alignToByte()
        cover()
        let (recordedChecksum, recordedLength) = (UInt32(try take(32)), UInt32(try take(32)))
        guard recordedChecksum == checksum.value, recordedLength == memberLength else {
            throw failure("the checksum or the length does not fit the data: damaged")
        }
        state = .beforeMember
    }

    // MARK: Blocks

    private func readBlockHeader() throws(StorageError) {
        if isFinalBlock {
            isFinalBlock = false
            return try readMemberTrailer()
        }
        isFinalBlock = try take(1) == 1
        switch try take(2) {
        case 0:
            alignToByte()
            let (length, complement) = (try take(16), try take(16))
            guard length == ~complement & 0xFFFF else { throw failure("a stored block's length is damaged") }
            state = .stored(remaining: length)
        case 1: state = .compressed(literals: .fixedLiterals, distances: .fixedDistances)
        case 2: try readDynamicTables()
        default: throw failure("a block of a kind that does not exist")
        }
    }

    private static let lengthCodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private func readDynamicTables() throws(StorageError) {
        let (literalCount, distanceCount) = (try take(5) + 257, try take(5) + 1)
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<(try take(4) + 4) { codeLengths[Self.lengthCodeOrder[index]] = UInt8(try take(3)) }
        let codes = try table(codeLengths)
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try decode(codes)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw failure("a code length repeats nothing") }
                lengths += repeatElement(last, count: try take(2) + 3)
            case 17: lengths += repeatElement(0, count: try take(3) + 3)
            case 18: lengths += repeatElement(0, count: try take(7) + 11)
            default: lengths.append(UInt8(symbol))
            }
        }
        guard lengths.count == literalCount + distanceCount else { throw failure("the code lengths overflow") }
        state = .compressed(
            literals: try table(Array(lengths[..<literalCount])),
            distances: try table(Array(lengths[literalCount...])))
    }

    private func table(_ lengths: [UInt8]) throws(StorageError) -> HuffmanTable {
        guard let table = HuffmanTable(lengths) else { throw failure("the code lengths give no prefix code") }
        return table
    }

    private func copyStored(_ remaining: Int, upTo limit: Int) throws(StorageError) {
        let count = min(remaining, limit - outputCount)
        for _ in 0..<count {
            output[outputCount] = UInt8(try take(8))
            outputCount += 1
        }
        state = remaining == count ? .beforeBlock : .stored(remaining: remaining - count)
    }

    private static let lengthBases: [Int] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtraBits: [Int] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases: [Int] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]

    private func inflate(
        _ literals: HuffmanTable, _ distances: HuffmanTable, upTo limit: Int
    ) throws(StorageError) {
        while outputCount < limit {
            let symbol = try decode(literals)
            if symbol < 256 {
                output[outputCount] = UInt8(truncatingIfNeeded: symbol)
                outputCount += 1
                continue
            }
            if symbol == 256 {
                state = .beforeBlock
                return
            }
            guard symbol < 286 else { throw failure("a length that does not exist") }
            let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthExtraBits[symbol - 257]))
            let code = try decode(distances)
            guard code < 30 else { throw failure("a distance that does not exist") }
            let distance = Self.distanceBases[code] + (try take(code < 4 ? 0 : code / 2 - 1))
            guard distance <= outputCount else { throw failure("a reference to before the beginning") }
            let target = output + outputCount
            // Byte by byte, because the source may overlap what is being written.
            for index in 0..<length { target[index] = target[index - distance] }
            outputCount += length
        }
    }

    // MARK: Bits

    @inline(__always)
    private func decode(_ table: HuffmanTable) throws(StorageError) -> Int {
        if bitCount < 15 { try fill() }
        guard let (symbol, length) = table.decode(bits), length <= bitCount else {
            throw failure(bitCount < 15 ? "the data is cut off" : "a code that does not exist")
        }
        bits >>= UInt64(length)
        bitCount -= length
        return symbol
    }

    @inline(__always)
    private func take(_ count: Int) throws(StorageError) -> Int {
        if bitCount < count {
            try fill()
            guard bitCount >= count else { throw failure("the data is cut off") }
        }
        let value = bits & (1 << UInt64(count) - 1)
        bits >>= UInt64(count)
        bitCount -= count
        return Int(value)
    }

    private func alignToByte() {
        bits >>= UInt64(bitCount % 8)
        bitCount -= bitCount % 8
    }

    /// Reads until more than 56 bits are held or the file has ended.
    private func fill() throws(StorageError) {
        while bitCount <= 56 {
            if inputPosition == input.count {
                guard let piece = try refill() else { return }
                inputOffset += input.count
                (input, inputPosition) = (piece, 0)
            }
            bits |= UInt64(input[inputPosition]) << UInt64(bitCount)
            inputPosition += 1
            bitCount += 8
        }
    }

    private func failure(_ problem: String) -> StorageError {
        .malformed(path: path, problem: "gzip data, byte \(inputOffset + inputPosition - bitCount / 8): \(problem)")
    }
}
