/// Split patterns that are runs of a class of scalars.
enum SimpleSplitPatterns {
    static func scanner(for regex: String) -> (any SplitScanner)? { nil }
}
