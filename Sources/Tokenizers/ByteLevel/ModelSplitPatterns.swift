/// The split patterns of published language models.
enum ModelSplitPatterns {
    static func scanner(for regex: String) -> (any SplitScanner)? { nil }
}
