import Primitives

/// Which registry an identifier is of, and what of it counts.
public struct IdentifierPolicy: Sendable, Hashable {
    enum Version: String, Sendable, CaseIterable {
        case keep, ignore
    }

    /// The registry; without it the text must tell.
    var scheme: IdentifierScheme?
    /// Whether `ENSG00000139618.18` differs from `ENSG00000139618`.
    var version: Version

    public init(_ fields: inout PolicyFields) throws(RewardError) {
        if let name = try fields.string("scheme") {
            guard let scheme = IdentifierScheme(rawValue: name) else {
                throw .invalidPolicy(
                    field: "scheme", found: name,
                    expected: "one of " + IdentifierScheme.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self.scheme = scheme
        }
        version = try fields.choice("identifier_version", default: .keep)
    }

    init(scheme: IdentifierScheme? = nil) {
        self.scheme = scheme
        version = .keep
    }

    /// The policy with the scheme of a gold answer, so that a prediction may leave out what the scheme says.
    func resolved(gold: AnswerText) -> IdentifierPolicy {
        guard scheme == nil else { return self }
        var policy = self
        policy.scheme = IdentifierReader.infer(gold)
        return policy
    }
}
