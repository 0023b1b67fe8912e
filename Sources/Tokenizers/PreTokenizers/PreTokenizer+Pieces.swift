/// Splitting where nobody asks for offsets.
extension PreTokenizer {
    /// Calls `body` for each piece of a normalised stretch of text, in order, with whether it begins the text. None is
    /// empty. They are those of ``split(_:isStart:)``, and can be read during the call only.
    func forEachPiece(
        of text: UnsafeBufferPointer<UInt8>, isStart: Bool, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
    ) {
        if text.isEmpty { return }
        switch self {
        case .sequence(let stages): Self.forEachPiece(of: text, through: stages[...], isStart: isStart, body)
        case .split(let rule):
            for piece in rule.pieces(of: text) {
                body(UnsafeBufferPointer(rebasing: text[piece]), isStart && piece.lowerBound == 0)
            }
        case .metaspace(let metaspace): metaspace.forEachPiece(of: text, isStart: isStart, body)
        case .byteLevel, .fixedLength:
            for (index, piece) in split(AlignedText(text, at: nil), isStart: isStart).enumerated() {
                piece.utf8.withUnsafeBufferPointer { body($0, isStart && index == 0) }
            }
        }
    }

    private static func forEachPiece(
        of text: UnsafeBufferPointer<UInt8>, through stages: ArraySlice<PreTokenizer>, isStart: Bool,
        _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
    ) {
        guard let stage = stages.first else { return body(text, isStart) }
        stage.forEachPiece(of: text, isStart: isStart) { piece, isStart in
            forEachPiece(of: piece, through: stages.dropFirst(), isStart: isStart, body)
        }
    }
}

extension MetaspaceSplitting {
    func forEachPiece(
        of text: UnsafeBufferPointer<UInt8>, isStart: Bool, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
    ) {
        var marked: [UInt8] = []
        marked.reserveCapacity(text.count + text.count / 2 + 8)
        if addsPrefix(to: text, isStart: isStart) { marked += replacement }
        for byte in text {
            if byte == UInt8(ascii: " ") { marked += replacement } else { marked.append(byte) }
        }
        marked.withUnsafeBufferPointer { marked in
            guard splits else { return body(marked, isStart) }
            var start = 0
            var position = 0
            while position < marked.count {
                if marked[position] == replacement[0], marked[position...].starts(with: replacement) {
                    if start < position {
                        body(UnsafeBufferPointer(rebasing: marked[start..<position]), isStart && start == 0)
                    }
                    start = position
                    position += replacement.count
                } else {
                    position += 1
                }
            }
            body(UnsafeBufferPointer(rebasing: marked[start...]), isStart && start == 0)
        }
    }

    private func addsPrefix(to text: UnsafeBufferPointer<UInt8>, isStart: Bool) -> Bool {
        guard scheme == .always || scheme == .first && isStart else { return false }
        return text.first != UInt8(ascii: " ") && !text.starts(with: replacement)
    }
}
