import Knowledge

/// Whether a text gives an entity away: by its name or a synonym in whatever number, spelling, order or numeral, by the
/// initials of a name, or by an identifier.
///
/// The check is strict on purpose. `NameLeak`, which compares the words of one name as they are, is what observations are
/// searched with.
public struct LeakCheck: Sendable {
    /// What was found, and in which form of which entity's name.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The words of a name in a row.
            case name
            /// All words of a name close together, in another order or with one more among them.
            case reordered
            /// The initials of a name.
            case abbreviation
            /// The number of an identifier.
            case identifier
        }

        public var entity: String
        public var form: String
        public var kind: Kind

        public var description: String { "\(entity): \(kind.rawValue) “\(form)”" }
    }

    private let words: [LeakWords.Word]
    private let significant: [String]
    /// Runs of letters and digits as they stand.
    private let tokens: Set<String>
    private let lowercasedTokens: Set<String>

    public init(text: String) {
        words = LeakWords.words(of: text)
        significant = words.filter { !LeakWords.functionWords.contains($0.raw.lowercased()) }.map(\.key)
        let runs = text.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        tokens = Set(runs)
        lowercasedTokens = Set(runs.map { $0.lowercased() })
    }

    /// The first way in which the text gives the entity away.
    public func finding(for entity: Entity) -> Finding? {
        func found(_ form: String, _ kind: Finding.Kind) -> Finding {
            Finding(entity: entity.name, form: form, kind: kind)
        }
        let forms = Self.forms(of: entity)
        let names = forms.map { LeakWords.words(of: $0) }
        if let number = names.firstIndex(where: contains) { return found(forms[number], .name) }
        if let number = names.firstIndex(where: containsReordered) { return found(forms[number], .reordered) }
        for form in forms {
            for initials in Self.initials(of: form).sorted()
            where tokens.contains(initials) || tokens.contains(initials + "s") {
                return found(initials, .abbreviation)
            }
        }
        for identifier in [entity.id] + entity.crossReferences where contains(identifier: identifier) {
            return found(identifier, .identifier)
        }
        return nil
    }

    /// The findings for several entities, in their order.
    public func findings(for entities: some Sequence<Entity>) -> [Finding] { entities.compactMap { finding(for: $0) } }

    // MARK: Names

    /// The name and the synonyms, each also without what stands in parentheses and with an inversion undone.
    static func forms(of entity: Entity) -> [String] {
        var forms: [String] = []
        for name in [entity.name] + entity.synonyms {
            forms.append(name)
            if let open = name.firstIndex(of: "("), let close = name[open...].firstIndex(of: ")") {
                let rest = name[..<open] + name[name.index(after: close)...]
                if rest.contains(where: \.isLetter) { forms.append(String(rest)) }
            }
            let parts = name.split(separator: ",", maxSplits: 1)
            if parts.count == 2 { forms.append("\(parts[1]) \(parts[0])") }
        }
        return forms
    }

    /// Whether the keys of the name stand in a row, wherever words are divided. Names of one or two letters and symbols
    /// that are also common words have to be written the same way.
    private func contains(_ name: [LeakWords.Word]) -> Bool {
        let joined = name.map(\.key).joined()
        guard !joined.isEmpty else { return false }
        let raw = name.map(\.raw).joined()
        let isCaseSensitive =
            raw.count <= 2 || name.count == 1 && LeakWords.functionWords.contains(raw.lowercased())
        for start in words.indices where joined.hasPrefix(words[start].key) {
            var rest = joined[...]
            var end = start
            while end < words.count, !rest.isEmpty, rest.hasPrefix(words[end].key) {
                rest = rest.dropFirst(words[end].key.count)
                end += 1
            }
            guard rest.isEmpty else { continue }
            let written = words[start..<end].map(\.raw).joined()
            if !isCaseSensitive || written == raw || written == raw + "s" { return true }
        }
        return false
    }

    /// Whether all meaningful words of a name stand within a window that is one word longer. A name needs two real words
    /// for it.
    private func containsReordered(_ name: [LeakWords.Word]) -> Bool {
        let wanted = name.filter { !LeakWords.functionWords.contains($0.raw.lowercased()) }.map(\.key)
        let real = wanted.count { $0.count >= 3 && $0.first?.isLetter == true }
        guard real >= 2, significant.count >= wanted.count else { return false }
        var counts: [String: Int] = [:]
        for word in wanted { counts[word, default: 0] += 1 }
        let width = min(wanted.count + 1, significant.count)
        for start in 0...(significant.count - width) where counts[significant[start]] != nil || width > wanted.count {
            var missing = counts
            for word in significant[start..<(start + width)] { missing[word, default: 0] -= 1 }
            if missing.allSatisfy({ $0.value <= 0 }) { return true }
        }
        return false
    }

    // MARK: Abbreviations

    /// The initials of a name of several words, with and without its function words; symbols and numbers count whole.
    static func initials(of name: String) -> Set<String> {
        let words = name.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        guard words.count >= 2 else { return [] }
        var result: Set<String> = []
        for kept in [words, words.filter { !LeakWords.functionWords.contains($0.lowercased()) }] {
            let parts = kept.map { word -> String in
                let isSymbol = word.allSatisfy { $0.isNumber || $0.isUppercase }
                return isSymbol ? word : String(word.prefix(1)).uppercased()
            }
            var initials = parts.joined()
            if initials.filter(\.isLetter).count >= 3, kept.count >= 2 { result.insert(initials) }
            while let last = initials.last, last.isNumber { initials.removeLast() }
            if initials.filter(\.isLetter).count >= 3, kept.count >= 3 { result.insert(initials) }
        }
        return result
    }

    // MARK: Identifiers

    /// Whether the text holds the local part of an identifier such as `MIM:143100`: a number of five or more digits, a
    /// shorter one after its prefix, or a code of letters and digits.
    private func contains(identifier: String) -> Bool {
        guard let colon = identifier.firstIndex(of: ":") else { return false }
        let prefix = identifier[..<colon].lowercased()
        let local = identifier[identifier.index(after: colon)...].lowercased()
        guard local.contains(where: \.isNumber), local.allSatisfy({ $0.isLetter || $0.isNumber }) else { return false }
        let number = local.drop { $0 == "0" }
        if local.allSatisfy(\.isNumber) {
            if number.count >= 5 {
                return lowercasedTokens.contains { $0 == local || $0.drop { $0 == "0" } == number }
            }
            return words.indices.dropFirst().contains { index in
                words[index].key == number && words[index - 1].raw.lowercased() == prefix
            }
        }
        return local.count >= 4 && lowercasedTokens.contains(local)
    }
}

extension LeakCheck {
    /// What a question's text gives away of what its description seeks. At most `limit` entities are looked at, the
    /// answers first.
    public static func findings(
        in text: String, of description: EntityDescription, graph: KnowledgeGraph, limit: Int = 256
    ) -> [Finding] {
        let answers = description.denotation(in: graph)
        let others = description.soughtEntities(in: graph).subtracting(answers).sorted()
        return LeakCheck(text: text).findings(for: (answers + others).prefix(limit).map { graph.entity($0) })
    }
}
