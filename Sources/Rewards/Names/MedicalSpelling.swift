/// British spellings of medical words, read as American ones.
///
/// Rules replace a sequence of letters wherever it stands, a final `-ise` or `-yse` with its inflections, or a whole
/// word. What they make of a word that is spelled alike everywhere does not matter, since both sides of a comparison pass
/// the same rules; what matters is that no two words of medicine become one (the tests hold a list).
enum MedicalSpelling {
    private struct Rule: Sendable {
        var pattern: [UInt8]
        var replacement: [UInt8]
    }

    /// Rules by the last byte of their pattern; no replacement holds a pattern.
    private static let rules: [[Rule]] = {
        let pairs = [
            ("aem", "em"), ("oedem", "edem"), ("oesoph", "esoph"), ("oestr", "estr"), ("foet", "fet"),
            ("rrhoe", "rrhe"), ("pnoe", "pne"), ("aetio", "etio"), ("paed", "ped"), ("gynaec", "gynec"),
            ("faec", "fec"), ("caec", "cec"), ("coeli", "celi"), ("aesth", "esth"), ("leuco", "leuko"),
            ("sulph", "sulf"), ("phaeo", "pheo"), ("naev", "nev"), ("amoeb", "ameb"), ("homoeo", "homeo"),
            ("palaeo", "paleo"), ("sphaer", "spher"), ("taeni", "teni"), ("paeni", "peni"), ("laev", "lev"),
            ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("odour", "odor"),
            ("labour", "labor"), ("vapour", "vapor"), ("humour", "humor"), ("manoeuv", "maneuv"),
        ]
        var rules = [[Rule]](repeating: [], count: 256)
        for (pattern, replacement) in pairs {
            let rule = Rule(pattern: Array(pattern.utf8), replacement: Array(replacement.utf8))
            if let last = rule.pattern.last { rules[Int(last)].append(rule) }
        }
        return rules
    }()

    private static let words: WordTable = [
        "fibre": "fiber", "fibres": "fibers", "centre": "center", "centres": "centers", "titre": "titer",
        "titres": "titers", "litre": "liter", "litres": "liters", "calibre": "caliber", "goitre": "goiter",
        "goitres": "goiters", "metre": "meter", "metres": "meters", "grey": "gray", "ageing": "aging",
        "neurone": "neuron", "neurones": "neurons", "analogue": "analog", "analogues": "analogs", "mould": "mold",
        "moulds": "molds", "traveller": "traveler", "travellers": "travelers", "aluminium": "aluminum",
        "caesarean": "cesarean", "caesarian": "cesarean", "cesarian": "cesarean", "caesium": "cesium",
        "hiccough": "hiccup", "hiccoughs": "hiccups", "sjoegren": "sjogren", "moebius": "mobius",
        "loeffler": "loffler", "sceptic": "skeptic", "defence": "defense", "licence": "license",
        "maneuvre": "maneuver", "programme": "program", "fibreoptic": "fiberoptic",
    ]

    /// Words whose `-ise` is no suffix.
    private static let fixed: WordSet = [
        "exercise", "exercised", "noise", "bruise", "bruised", "raise", "raised", "rise", "rising", "arising", "arise",
        "otherwise", "compromise", "compromised", "immunocompromised", "precise", "surprise", "wise",
    ]

    private static let suffixes: [[UInt8]] = [
        "ise", "ised", "ises", "iser", "ising", "isation", "isations", "yse", "ysed", "yses", "ysing", "yser",
    ].map { Array($0.utf8) }

    /// A word in lower case with its American spelling.
    static func american(_ word: [UInt8]) -> [UInt8] {
        var result = word
        if mayHoldPattern(word) {
            result.removeAll(keepingCapacity: true)
            for byte in word {
                result.append(byte)
                reduce(&result)
            }
        }
        if let whole = words[result] { return whole }
        if result.count > 5, let position = suffixSibilant(result), !fixed.contains(result) {
            result[position] = UInt8(ascii: "z")
        }
        return result
    }

    /// Whether the word holds two letters without which no pattern of ``rules`` is whole.
    private static func mayHoldPattern(_ word: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in word {
            switch (previous, byte) {
            case (UInt8(ascii: "a"), UInt8(ascii: "e")), (UInt8(ascii: "o"), UInt8(ascii: "e")),
                (UInt8(ascii: "o"), UInt8(ascii: "u")), (UInt8(ascii: "l"), UInt8(ascii: "p")),
                (UInt8(ascii: "u"), UInt8(ascii: "c")):
                return true
            default: previous = byte
            }
        }
        return false
    }

    /// Applies rules to the end until none fits. Each shortens the text or leaves no pattern there, so the cost is linear.
    private static func reduce(_ text: inout [UInt8]) {
        while let last = text.last,
            let rule = rules[Int(last)].first(where: { text.count >= $0.pattern.count && text.ends(with: $0.pattern) })
        {
            text.removeLast(rule.pattern.count)
            text.append(contentsOf: rule.replacement)
        }
    }

    /// Whether an `s` after `i` or `y` stands among the last nine letters.
    private static func mayEndSibilant(_ word: [UInt8]) -> Bool {
        for index in max(1, word.count - 9)..<word.count where word[index] == UInt8(ascii: "s") {
            if word[index - 1] == UInt8(ascii: "i") || word[index - 1] == UInt8(ascii: "y") { return true }
        }
        return false
    }

    /// The position of the `s` of a final `-ise` or `-yse`.
    private static func suffixSibilant(_ word: [UInt8]) -> Int? {
        guard mayEndSibilant(word) else { return nil }
        // The plurals of nouns in -ysis keep their s: paralyses.
        if word.ends(with: "yses".utf8) { return nil }
        guard let suffix = suffixes.first(where: { word.ends(with: $0) }) else { return nil }
        return word.count - suffix.count + 1
    }
}

extension Array where Element == UInt8 {
    func ends(with suffix: some BidirectionalCollection<UInt8>) -> Bool {
        count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}
