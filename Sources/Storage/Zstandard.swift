import CZstd

/// Compression with Zstandard (RFC 8878): one frame with a checksum; the same input gives the same bytes.
public enum Zstandard {
    public static func compress(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = ZSTD_compress2(context, buffer.baseAddress, bound, bytes, bytes.count)
            precondition(ZSTD_isError(count) == 0, "zstd could not allocate memory to compress")
        }
    }

    /// Decompresses one frame or several. Data that is cut off, damaged, or larger than `limit` bytes is an error.
    public static func decompress(_ bytes: [UInt8], limit: Int = 1 << 32) throws(StorageError) -> [UInt8] {
        try decompress(bytes, limit: limit, path: "compressed data")
    }

    static func decompress(_ bytes: [UInt8], limit: Int, path: String) throws(StorageError) -> [UInt8] {
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        var piece = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        var output: [UInt8] = []
        if let size = contentSize(bytes), size <= limit { output.reserveCapacity(size) }
        var position = 0
        var isFrameOpen = true
        var isOutputFull = false
        while position < bytes.count || isOutputFull {
            let (result, written) = bytes.withUnsafeBytes { input in
                piece.withUnsafeMutableBytes { buffer in
                    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: position)
                    var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                    let result = ZSTD_decompressStream(context, &target, &source)
                    position = source.pos
                    return (result, target.pos)
                }
            }
            if ZSTD_isError(result) != 0 {
                let reason = String(cString: ZSTD_getErrorName(result))
                throw .malformed(path: path, problem: "this is not valid zstd data near byte \(position): \(reason)")
            }
            guard output.count + written <= limit else {
                throw .malformed(path: path, problem: "the zstd data holds more than the \(limit) bytes allowed")
            }
            output.append(contentsOf: piece[..<written])
            isFrameOpen = result != 0
            isOutputFull = isFrameOpen && written == piece.count
        }
        if isFrameOpen {
            throw .malformed(
                path: path, problem: "the zstd data ends after \(bytes.count) bytes inside a frame: cut off")
        }
        return output
    }

    /// What the first frame's header says, where it says anything; a hint only.
    private static func contentSize(_ bytes: [UInt8]) -> Int? {
        let size = ZSTD_getFrameContentSize(bytes, bytes.count)
        // The two largest values mean "unknown" and "error"; a header may also lie, so trust it only up to 1 GiB.
        return size <= 1 << 30 ? Int(size) : nil
    }
}
