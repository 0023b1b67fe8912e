#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The lines of a file, one after the other, with memory for little more than the longest; see ``ByteStream`` for the
/// compressed files that it reads.
public final class LineReader {
    /// A longer line is an error, so that a file without line ends cannot fill the memory.
    public static let maximumLineBytes = 1 << 28

    public let path: String
    /// The number of the line that `next` gave last, from 1; 0 before the first.
    public private(set) var number = 0
    private let stream: ByteStream
    private var buffer: [UInt8] = []
    private var position = 0

    public init(path: String) throws(StorageError) {
        self.path = path
        stream = try ByteStream(path: path)
    }

    /// The next line without its line feed, and without a carriage return before that; `nil` at the end of the file.
    public func next() throws(StorageError) -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = lineFeed(from: searched) {
                defer { position = end + 1 }
                return line(endingAt: end)
            }
            guard let piece = try stream.next() else {
                guard position < buffer.count else { return nil }
                defer { position = buffer.count }
                return line(endingAt: buffer.count)
            }
            searched = buffer.count - position
            if searched == 0 { buffer = piece } else { buffer.replaceSubrange(..<position, with: []) }
            if searched > 0 { buffer += piece }
            position = 0
            guard searched <= Self.maximumLineBytes else {
                throw .malformed(
                    path: path, problem: "line \(number + 1) is longer than \(Self.maximumLineBytes) bytes")
            }
        }
    }

    private func line(endingAt end: Int) -> ArraySlice<UInt8> {
        number += 1
        let hasReturn = end > position && buffer[end - 1] == UInt8(ascii: "\r")
        return buffer[position..<(hasReturn ? end - 1 : end)]
    }

    private func lineFeed(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
