/// Prefixes that are written with a hyphen, apart or joined: `pre-eclampsia`, `gastro-oesophageal`.
enum NamePrefix {
    private static let prefixes: WordSet = [
        "non", "pre", "post", "anti", "auto", "multi", "hyper", "hypo", "sub", "inter", "intra", "peri", "para", "poly",
        "neo", "pseudo", "semi", "micro", "macro", "neuro", "cardio", "gastro", "broncho", "meningo", "oculo",
        "musculo",
        "naso", "oro", "osteo", "psycho", "cerebro", "cranio", "dermato", "hepato", "immuno", "infra", "supra",
        "thrombo",
        "tracheo", "uro", "vaso", "myo", "fibro", "spino", "laryngo", "muco", "lympho", "entero", "utero", "veno",
        "ultra",
        "trans", "extra", "endo", "over", "co",
    ]

    /// The words with each prefix joined to the word after it.
    static func joined(_ words: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        result.reserveCapacity(words.count)
        var isOpen = false
        for word in words {
            if isOpen, let last = result.last, word.first.map(NameByte.isLetter) ?? false {
                result[result.count - 1] = last + word
            } else {
                result.append(word)
            }
            isOpen = result.last.map { prefixes.contains($0) } ?? false
        }
        return result
    }
}
