/// Split patterns that are runs of sets of scalars.
enum SimpleSplitPatterns {
    static func scanner(for regex: String) -> (any SplitScanner)? { SplitPatternParser.scanner(for: regex) }
}
