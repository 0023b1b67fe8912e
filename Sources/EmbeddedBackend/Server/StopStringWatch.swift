import Primitives
import Synchronization
import Tokenizers

/// Finds the token with which one of several texts is complete in what a model writes.
///
/// Tokens are decoded one by one; bytes that are the beginning of a character wait for the rest of it. The sequence ends
/// with the token that completes the text, whatever else that token holds.
final class StopStringWatch: Sendable {
    private struct State {
        var decoder: StreamingDecoder
        /// The end of the text so far, shorter than the longest stop text.
        var tail: [UInt8] = []
    }

    private let stops: [[UInt8]]
    private let tailLimit: Int
    private let state: Mutex<State>

    /// - Parameter stops: not empty, nor is any of them.
    init(_ stops: [String], tokenizer: Tokenizer) {
        self.stops = stops.map { Array($0.utf8) }
        tailLimit = max(0, (self.stops.map(\.count).max() ?? 1) - 1)
        state = Mutex(State(decoder: tokenizer.streamingDecoder()))
    }

    /// Whether a text is complete with this token.
    func accept(_ token: TokenID) -> Bool {
        state.withLock { state in
            guard let text = state.decoder.append(token) else { return false }
            let searched = state.tail + Array(text.utf8)
            state.tail = searched.suffix(tailLimit)
            return stops.contains { Self.first($0, in: searched) != nil }
        }
    }

    /// Where `needle` begins in `bytes`.
    static func first(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard let head = needle.first, bytes.count >= needle.count else { return nil }
        for start in 0...(bytes.count - needle.count) where bytes[start] == head {
            if bytes[start..<start + needle.count].elementsEqual(needle) { return start }
        }
        return nil
    }
}
