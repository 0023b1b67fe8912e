extension SHA256 {
    /// The digests of the first so many bytes of a file, each for one of the `lengths`, from one reading; `nil` for a length
    /// beyond the file's end.
    public static func hex(file path: String, prefixes lengths: [Int]) throws(StorageError) -> [String?] {
        var digests = [String?](repeating: nil, count: lengths.count)
        let order = lengths.indices.sorted { lengths[$0] < lengths[$1] }
        let file = try OpenFile(path, .read)
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var position = 0
        for index in order {
            while position < lengths[index] {
                let wanted = min(lengths[index] - position, buffer.count)
                let taken = try buffer.withUnsafeMutableBytes { bytes in
                    file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]))
                }.get()
                guard taken > 0 else { return digests }
                buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<taken])) }
                position += taken
            }
            digests[index] = hash.hexadecimal()
        }
        return digests
    }
}
