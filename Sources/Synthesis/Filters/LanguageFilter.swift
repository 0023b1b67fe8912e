/// Keeps demonstrations that are written in the data set's language, as far as the script tells.
public struct LanguageFilter: TrajectoryFilter {
    public enum Language: String, Sendable, Hashable, CaseIterable {
        /// Latin letters. Greek ones, which names of substances have, count as neither.
        case english = "en"
        /// Chinese characters; the Latin letters of names count as neither.
        case chinese = "zh"
        case any
    }

    public let name = "language"
    public var language: Language
    /// The least share of the language's script among the letters that count.
    public var minimumShare: Double

    public init(language: Language = .english, minimumShare: Double = 0.95) {
        self.language = language
        self.minimumShare = minimumShare
    }

    public func problem(of candidate: FilterCandidate) -> String? {
        guard language != .any else { return nil }
        for (number, turn) in candidate.demonstration.turns.enumerated() {
            let share = share(of: [turn.thinking ?? "", turn.content])
            if share < minimumShare {
                let percent = Int((share * 100).rounded(.down))
                return "turn \(number + 1) is \(percent) % in the script of `\(language.rawValue)`, expected at least "
                    + "\(Int((minimumShare * 100).rounded())) %"
            }
        }
        return nil
    }

    /// 1 for texts without letters that count.
    func share(of texts: [String]) -> Double {
        var own = 0
        var foreign = 0
        for scalar in texts.lazy.flatMap(\.unicodeScalars) where scalar.properties.isAlphabetic {
            switch (Self.script(of: scalar), language) {
            case (.latin, .english), (.han, .chinese): own += 1
            case (.greek, _), (.latin, .chinese): break
            default: foreign += 1
            }
        }
        return own + foreign == 0 ? 1 : Double(own) / Double(own + foreign)
    }

    private enum Script { case latin, greek, han, other }

    private static func script(of scalar: Unicode.Scalar) -> Script {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA, 0xC0...0x24F, 0x1E00...0x1EFF, 0x2C60...0x2C7F: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: .han
        default: .other
        }
    }
}
