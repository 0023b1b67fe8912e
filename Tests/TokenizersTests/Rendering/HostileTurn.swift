import Primitives

@testable import Tokenizers

/// Turns as a policy may write them that is anything but careful.
struct HostileTurn {
    private let setting: GrowthSetting
    private let tokenizer: Tokenizer

    init(_ setting: GrowthSetting) throws {
        self.setting = setting
        tokenizer = try setting.tokenizer
    }

    func sampled(_ turn: Message, _ generated: inout GeneratedConversation) throws -> [TokenID] {
        var text = setting.canonicalText(turn)
        switch generated.choose(9) {
        case 0: return tokenizer.partsByAddedTokens(text).flatMap { ids($0) { bytes($0) } }
        case 1:
            return tokenizer.partsByAddedTokens(text).flatMap { part in
                ids(part) { text in pieces(text, &generated).flatMap { tokenizer.encodePlainText($0) } }
            }
        case 2:
            let ids = tokenizer.encode(text, splitSpecialTokens: false)
            return Array(ids.prefix(generated.choose(ids.count + 1)))
        case 3:
            let end = tokenizer.addedTokens[generated.choose(tokenizer.addedTokens.count)].id
            return tokenizer.encode(text, splitSpecialTokens: false).dropLast() + [end]
        case 4:
            var ids = tokenizer.encode(text, splitSpecialTokens: false)
            for _ in 0...generated.choose(3) {
                let token = tokenizer.addedTokens[generated.choose(tokenizer.addedTokens.count)].id
                ids.insert(token, at: generated.choose(ids.count + 1))
            }
            return ids
        case 5:
            return (0..<generated.choose(30)).map { _ in TokenID(generated.choose(tokenizer.vocabularySize + 2)) }
        case 6:
            // Malformed tool calls and tags in the wrong places.
            for mark in ["}", "\"", "search", "\n", "<think>", "</think>", ":"] where generated.choose(3) == 0 {
                text = text.replacing(mark, with: generated.choose(2) == 0 ? "" : mark + mark)
            }
            return tokenizer.encode(text, splitSpecialTokens: false)
        case 7:
            // White space where the format has none, and names of tokens as text.
            return tokenizer.encodePlainText(" \n" + generated.text())
                + tokenizer.encode(text, splitSpecialTokens: false)
        default:
            var ids = tokenizer.encode(text, splitSpecialTokens: false)
            let end = ids.popLast()
            return ids + tokenizer.encodePlainText(generated.text() + " ") + (end.map { [$0] } ?? [])
        }
    }

    private func ids(_ part: Tokenizer.AddedTokenPart, _ encode: (String) -> [TokenID]) -> [TokenID] {
        switch part {
        case .token(let token): [token.id]
        case .text(let text): encode(text)
        }
    }

    private func bytes(_ text: String) -> [TokenID] {
        text.utf8.flatMap { byte in tokenizer.tokenID(ByteAlphabet.entry(for: [byte])).map { [$0] } ?? [] }
    }

    /// The text cut at random scalars.
    private func pieces(_ text: String, _ generated: inout GeneratedConversation) -> [String] {
        var pieces = [""]
        for scalar in text.unicodeScalars {
            if generated.choose(4) == 0 { pieces.append("") }
            pieces[pieces.count - 1].unicodeScalars.append(scalar)
        }
        return pieces
    }
}
