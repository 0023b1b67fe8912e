import CZstd

/// A file read from its beginning, piece by piece, and decompressed by its name: `.zst` (Zstandard), `.gz` (gzip), and
/// anything else as it is. The path `-` is the standard input, taken as it is.
///
/// Memory is bounded by some pieces, whatever the length of the file. Not for several threads at once.
public final class ByteStream {
    public let path: String
    private let decoder: Decoder

    private enum Decoder {
        case plain(FilePieces)
        case zstandard(ZstandardStream)
        case gzip(GzipStream)
        case memory(MemoryPiece)
    }

    public init(path: String) throws(StorageError) {
        self.path = path
        let pieces = FilePieces(try OpenFile(path == "-" ? "/dev/stdin" : path, .read))
        decoder =
            if path.hasSuffix(".zst") {
                .zstandard(ZstandardStream(pieces, path: path))
            } else if path.hasSuffix(".gz") {
                .gzip(GzipStream(path: path) { () throws(StorageError) in try pieces.next() })
            } else {
                .plain(pieces)
            }
    }

    /// Bytes in memory, taken as they are.
    /// - Parameter name: stands for the path in errors.
    public init(bytes: [UInt8], name: String) {
        path = name
        decoder = .memory(MemoryPiece(bytes))
    }

    /// The next bytes, at least one; `nil` at the end.
    /// - Throws: what the system refused, and compressed data that is damaged or cut off.
    public func next() throws(StorageError) -> [UInt8]? {
        switch decoder {
        case .plain(let pieces): try pieces.next()
        case .zstandard(let stream): try stream.next()
        case .gzip(let stream): try stream.next()
        case .memory(let piece): piece.next()
        }
    }
}

/// Bytes in memory as one piece.
private final class MemoryPiece {
    private var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func next() -> [UInt8]? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : bytes
    }
}

/// The bytes of an open file in pieces.
final class FilePieces {
    private static let size = 1 << 18
    private let file: OpenFile

    init(_ file: consuming OpenFile) { self.file = file }

    func next() throws(StorageError) -> [UInt8]? {
        var failure: StorageError?
        let piece = [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
            switch file.read(into: UnsafeMutableRawBufferPointer(buffer)) {
            case .success(let taken): count = taken
            case .failure(let error): (failure, count) = (error, 0)
            }
        }
        if let failure { throw failure }
        return piece.isEmpty ? nil : piece
    }
}

/// One Zstandard frame or several, decompressed as they are read.
private final class ZstandardStream {
    private let pieces: FilePieces
    private let path: String
    private let context = ZSTD_createDCtx()
    private var input: [UInt8] = []
    private var position = 0
    private var offset = 0
    private var isFrameOpen = false
    private var mayHoldOutput = false

    init(_ pieces: FilePieces, path: String) {
        self.pieces = pieces
        self.path = path
    }

    deinit { ZSTD_freeDCtx(context) }

    func next() throws(StorageError) -> [UInt8]? {
        while true {
            if position == input.count && !mayHoldOutput {
                guard let piece = try pieces.next() else {
                    guard !isFrameOpen else {
                        throw .malformed(
                            path: path,
                            problem: "the zstd data ends after \(offset + position) bytes inside a frame: cut off")
                    }
                    return nil
                }
                offset += input.count
                (input, position) = (piece, 0)
            }
            var result = 0
            let capacity = ZSTD_DStreamOutSize()
            let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                input.withUnsafeBytes { bytes in
                    var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
                    var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: capacity, pos: 0)
                    result = ZSTD_decompressStream(context, &target, &source)
                    position = source.pos
                    count = target.pos
                }
            }
            guard ZSTD_isError(result) == 0 else {
                let reason = String(cString: ZSTD_getErrorName(result))
                throw .malformed(
                    path: path, problem: "this is not valid zstd data near byte \(offset + position): \(reason)")
            }
            isFrameOpen = result != 0
            mayHoldOutput = isFrameOpen && output.count == capacity
            if !output.isEmpty { return output }
        }
    }
}
