/// What a `tinker://` path names.
struct CheckpointReference: Hashable, Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// Weights and optimizer state.
        case training = "weights"
        /// Weights alone.
        case sampler = "sampler_weights"
    }

    var modelID: String
    var kind: Kind
    var name: String

    /// `tinker://MODEL/weights/NAME` or `tinker://MODEL/sampler_weights/NAME`.
    var path: String { "tinker://\(modelID)/\(kind.rawValue)/\(name)" }

    init(modelID: String, kind: Kind, name: String) throws(ServiceError) {
        guard Self.isName(name) else {
            throw .invalid(
                """
                checkpoint name `\(name)` is not usable: expected 1 to 128 letters, digits, `.`, `_` and `-`, not \
                beginning with `.`
                """)
        }
        self.modelID = modelID
        self.kind = kind
        self.name = name
    }

    init(path: String) throws(ServiceError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == "tinker:", parts[1].isEmpty, Self.isName(parts[2]),
            let kind = Kind(rawValue: parts[3])
        else {
            throw .invalid(
                "`\(path)` is no checkpoint path; expected tinker://MODEL/weights/NAME or …/sampler_weights/NAME")
        }
        try self.init(modelID: parts[2], kind: kind, name: parts[4])
    }

    private static func isName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isAllowed && 1...128 ~= text.utf8.count && !text.hasPrefix(".")
    }
}
