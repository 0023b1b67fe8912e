import Primitives

extension TinkerEndpoint {
    /// The first 200 bytes of an answer as text, without control characters and without the API key.
    func excerpt(_ body: [UInt8]) -> String {
        guard !body.isEmpty else { return "nothing" }
        // Enough is read that a key which begins within the excerpt is seen whole.
        let text = withoutKey(String(decoding: body.prefix(200 + (apiKey?.utf8.count ?? 0)), as: UTF8.self))
        return shown(text, limit: 200, length: body.count)
    }

    /// What a server says about a failure: the text of `detail`, `error` or `message`, else the body's beginning.
    func detail(_ body: [UInt8]) -> String {
        guard let object = try? JSONValue.parse(body) else { return excerpt(body) }
        for key in ["detail", "error", "message"] {
            guard let member = object[key], !member.isNull else { continue }
            let text = withoutKey(member.stringValue ?? member.text)
            return shown(text, limit: 1000, length: text.utf8.count)
        }
        return excerpt(body)
    }

    func withoutKey(_ text: String) -> String {
        guard let apiKey, !apiKey.isEmpty else { return text }
        return text.split(separator: apiKey, omittingEmptySubsequences: false).joined(separator: "[API key]")
    }

    private func shown(_ text: String, limit: Int, length: Int) -> String {
        let scalars = text.unicodeScalars.prefix(limit).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        let beginning = String(String.UnicodeScalarView(scalars))
        return length > limit ? "\(beginning)… (\(length) bytes)" : beginning
    }
}
