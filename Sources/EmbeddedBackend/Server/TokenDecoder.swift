import Primitives

/// Reads token ids and `ModelInput`s, checking every id against the vocabulary.
struct TokenDecoder {
    let limits: ModelLimits

    /// The tokens of all chunks in order; at least one.
    func modelInput(_ input: JSONValue?, path: String) throws(ServiceError) -> [Int32] {
        guard let chunks = input?["chunks"]?.arrayValue, !chunks.isEmpty else {
            throw .invalid("`\(path).chunks` should be an array of at least one chunk")
        }
        var all: [Int32] = []
        for (index, chunk) in chunks.enumerated() {
            let path = "\(path).chunks[\(index)]"
            let type = chunk["type"]?.stringValue ?? "encoded_text"
            guard type == "encoded_text" else {
                throw .invalid("`\(path)` is of type \(type); this backend takes encoded_text only")
            }
            try chunk.refuseUnknownMembers(["type", "tokens"], path: path)
            let tokens = try tokens(chunk["tokens"] ?? .null, path: path + ".tokens")
            if all.isEmpty { all = tokens } else { all += tokens }
        }
        if all.isEmpty { throw .invalid("`\(path)` has no tokens; at least one is needed") }
        return all
    }

    func tokens(_ value: JSONValue, path: String) throws(ServiceError) -> [Int32] {
        guard let tokens = value.tokensValue else {
            throw .invalid("`\(path)` should be an array of token ids (32-bit integers)")
        }
        try check(tokens, path: path)
        return tokens
    }

    /// Refuses tokens outside the vocabulary.
    func check(_ tokens: [Int32], path: String) throws(ServiceError) {
        let bound = Int32(clamping: limits.vocabularySize)
        if let bad = tokens.firstIndex(where: { $0 < 0 || $0 >= bound }) {
            throw .invalid(
                "`\(path)[\(bad)]` is token \(tokens[bad]); the vocabulary has the tokens 0 to \(limits.vocabularySize - 1)"
            )
        }
    }
}
