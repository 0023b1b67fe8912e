/// Why a source cannot be used as a recipe says.
public enum SourceCatalogueError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownSource(name: String, nearest: String?, known: [String])
    case missingURL(source: String)
    case malformedURL(source: String, value: String)
    /// A key would travel the internet without encryption.
    case insecureURL(source: String, value: String)
    case missingKey(source: String, variable: String)
    case malformedKey(source: String, variable: String)
    case outOfRange(source: String, field: String, value: String, expected: String)

    public var description: String {
        switch self {
        case .unknownSource(let name, let nearest, let known):
            "there is no source \"\(name)\"; "
                + (nearest.map { "did you mean \($0)? " } ?? "") + "Known: \(known.joined(separator: ", "))"
        case .missingURL(let source):
            "\(source) is a server of your own: say where it runs with `url`"
        case .malformedURL(let source, let value):
            "\(source): \"\(value)\" is no address; expected http://host or https://host, without user, query or fragment"
        case .insecureURL(let source, let value):
            "\(source): the key would be sent unencrypted to \(value); use https://"
        case .missingKey(let source, let variable):
            "\(source) wants a key, but the variable \(variable) is not set; set it, or name another with `api_key_env`"
        case .malformedKey(let source, let variable):
            "\(source): what the variable \(variable) holds is no key: it is shorter than 4 characters or holds spaces, "
                + "line breaks or other signs that no key has"
        case .outOfRange(let source, let field, let value, let expected):
            "\(source): \(field) is \(value); expected \(expected)"
        }
    }
}
