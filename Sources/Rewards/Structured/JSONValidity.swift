/// Whether bytes are a JSON text: the grammar of RFC 8259 with no rule of taste, so that duplicate keys, which it allows,
/// and numbers of any size pass.
enum JSONValidity {
    private static let options: StrictJSONParser.Options = {
        var options = StrictJSONParser.Options()
        options.duplicateKeys = .last
        options.depth = 512
        options.boundsExponents = false
        return options
    }()

    static func isValid(_ bytes: [UInt8]) -> Bool { (try? StrictJSONParser.parse(bytes, options: options)) != nil }
}
