import Primitives
import Storage

extension Tokenizer {
    /// Reads `path`: a `tokenizer.json`, the same compressed with Zstandard (`.zst`), or a directory that holds one.
    ///
    /// - Parameters:
    ///   - keepsTables: keeps the tables that are made of the file in the user's cache directory, so that loading it
    ///     again takes milliseconds.
    ///   - cachesPieces: remembers the ids of pieces of text while encoding.
    public static func load(
        path: String, keepsTables: Bool = true, cachesPieces: Bool = true
    ) throws(TokenizerError) -> Tokenizer {
        try load(
            path: path, cacheDirectory: keepsTables ? TokenizerCache.directory : nil, cachesPieces: cachesPieces)
    }

    /// The content of the tokenizer file that `path` means, decompressed.
    public static func fileContent(path: String) throws(TokenizerError) -> [UInt8] {
        let path = try file(at: path)
        do {
            let bytes = try FileStore.read(path)
            return path.hasSuffix(".zst") ? try Zstandard.decompress(bytes) : bytes
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// - Parameter cacheDirectory: where tables that were made once are kept; `nil` for nowhere.
    static func load(
        path: String, cacheDirectory: String?, cachesPieces: Bool = true
    ) throws(TokenizerError) -> Tokenizer {
        let path = try file(at: path)
        do {
            var bytes = try FileStore.read(path)
            let cachePath = cacheDirectory.map { TokenizerCache.path(for: bytes, in: $0) }
            if let cachePath, let tables = TokenizerCache.read(cachePath),
                let rest = try? JSONValue.parse(tables.rest),
                let file = try? TokenizerFile(rest, source: path, tables: tables)
            {
                return Tokenizer(file, cachesPieces: cachesPieces)
            }
            if path.hasSuffix(".zst") { bytes = try Zstandard.decompress(bytes) }
            let json = try JSONValue.parse(bytes)
            let file = try TokenizerFile(json, source: path)
            let tokenizer = Tokenizer(file, cachesPieces: cachesPieces)
            if let cachePath, let form = file.byteLevel, let wholePieces = tokenizer.byteLevel?.wholePieces {
                let tables = TokenizerTables(
                    rest: Array(TokenizerTables.withoutModel(json).text.utf8), vocabulary: form.vocabulary,
                    merges: form.merges, wholePieces: wholePieces)
                TokenizerCache.write(tables, to: cachePath)
            }
            return tokenizer
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// The tokenizer file that `path` means.
    static func file(at path: String) throws(TokenizerError) -> String {
        let isFile = path.hasSuffix(".json") || path.hasSuffix(".zst")
        guard FileStore.isDirectory(path) || !isFile && !FileStore.exists(path) else {
            if isFile { return path }
            throw .unreadable(path: path, reason: "expected a tokenizer.json or a directory that holds one")
        }
        for name in ["tokenizer.json", "tokenizer.json.zst"] where FileStore.exists("\(path)/\(name)") {
            return "\(path)/\(name)"
        }
        let parts = ["vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "tekken.json", "tiktoken.model"]
        let found = parts.filter { FileStore.exists("\(path)/\($0)") }
        if found.isEmpty { return "\(path)/tokenizer.json" }
        throw .unreadable(
            path: path,
            reason: "found \(found.joined(separator: ", ")) but no tokenizer.json, and only that says how text is "
                + "normalised and split; write one with AutoTokenizer.from_pretrained(…).save_pretrained(…) of Hugging Face"
        )
    }
}
