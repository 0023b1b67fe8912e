/// Names of persons in names of diseases, written with a possessive whose apostrophe is missing: `Crohns disease`.
enum Eponym {
    private static let possessives: WordSet = [
        "addisons", "alports", "alzheimers", "barretts", "bartters", "basedows", "bechterews", "behcets",
        "bells", "bergers", "bowens", "brugadas", "buergers", "burkitts", "caplans", "castlemans", "charcots",
        "conns", "costellos", "crohns", "crouzons", "cushings", "downs", "dresslers", "duchennes", "dupuytrens",
        "ebsteins", "eisenmengers", "fabrys", "fanconis", "feltys", "friedreichs", "gauchers", "gilberts",
        "goodpastures", "gitelmans", "hansens", "hashimotos", "hirschsprungs", "hodgkins", "horners",
        "huntingtons", "hurlers", "kaposis", "kartageners", "kawasakis", "klinefelters", "korsakoffs", "leighs",
        "marfans", "menieres", "noonans", "pagets", "parkinsons", "peyronies", "picks",
        "pompes", "potts", "quinckes", "raynauds", "refsums", "reyes", "ritters", "scheuermanns", "sezarys", "sheehans",
        "sjogrens", "stargardts", "stills", "sydenhams", "takayasus", "tourettes", "turners", "wegeners", "wernickes",
        "whipples", "wilsons", "zellwegers", "zenkers",
    ]

    /// The name of a person without the possessive `s` that is written without an apostrophe.
    static func withoutPossessive(_ word: [UInt8]) -> [UInt8] {
        guard word.last == UInt8(ascii: "s") else { return word }
        return possessives.contains(word) ? Array(word.dropLast()) : word
    }
}
