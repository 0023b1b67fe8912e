/// What flows through a decoder: the text of tokens, in parts that are valid UTF-8, and where each token ends.
enum DecoderEvent: Sendable, Hashable {
    case text([UInt8])
    case end
}

/// One step of a decoder. It passes on what no later token can change, and holds back the rest.
protocol DecoderStage: Sendable {
    mutating func receive(_ event: DecoderEvent, _ emit: (DecoderEvent) -> Void)
    /// No more tokens come.
    mutating func finish(_ emit: (DecoderEvent) -> Void)
}

/// A step that needs the whole text of a token.
protocol TokenDecoderStage: DecoderStage {
    /// What has arrived of the present token.
    var partial: [UInt8] { get set }
    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void)
}

extension TokenDecoderStage {
    mutating func receive(_ event: DecoderEvent, _ emit: (DecoderEvent) -> Void) {
        switch event {
        case .text(let bytes): if partial.isEmpty { partial = bytes } else { partial += bytes }
        case .end:
            let token = partial
            partial = []
            receive(token: token, emit)
        }
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) {}
}

extension [UInt8] {
    /// All occurrences of `needle`, which is not empty, replaced from the left.
    func replacing(bytes needle: [UInt8], with replacement: [UInt8]) -> [UInt8] {
        guard let first = needle.first, count >= needle.count else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == first, self[index...].starts(with: needle) {
                result += replacement
                index += needle.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
