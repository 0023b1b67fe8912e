import Primitives

/// A backend's profile and, for each of its facts, where that comes from. Kept in a run's `lock.json`.
public struct ProfileRecord: Sendable, Equatable {
    /// Where a fact comes from, and the evidence in words.
    public enum Origin: Sendable, Equatable {
        case measured(String)
        /// The server says so.
        case stated(String)
        case assumed(String)
        /// The recipe's `backend.profile` says so.
        case recipe

        /// `measured`, `stated`, `assumed` or `recipe`.
        public var kind: String {
            switch self {
            case .measured: "measured"
            case .stated: "stated"
            case .assumed: "assumed"
            case .recipe: "recipe"
            }
        }

        public var evidence: String {
            switch self {
            case .measured(let evidence), .stated(let evidence), .assumed(let evidence): evidence
            case .recipe: "backend.profile"
            }
        }

        init?(kind: String, evidence: String) {
            switch kind {
            case "measured": self = .measured(evidence)
            case "stated": self = .stated(evidence)
            case "assumed": self = .assumed(evidence)
            case "recipe": self = .recipe
            default: return nil
            }
        }
    }

    public private(set) var profile: BackendProfile
    private var origins: [ProfileField: Origin] = [:]

    /// A profile of which nothing is measured.
    /// - Parameter source: what the assumption rests on, for example `known server`.
    public init(assuming profile: BackendProfile, source: String) {
        self.profile = profile
        for field in ProfileField.allCases { origins[field] = .assumed(source) }
    }

    public func origin(of field: ProfileField) -> Origin { origins[field] ?? .assumed("default") }

    /// Replaces a fact and says where the new value comes from.
    public mutating func set(_ field: ProfileField, to value: JSONValue, origin: Origin) throws(JSONError) {
        try profile.set(field, to: value)
        origins[field] = origin
    }

    /// Changes facts of the profile that one piece of evidence shows.
    mutating func note(_ field: ProfileField, _ origin: Origin, _ change: (inout BackendProfile) -> Void = { _ in }) {
        change(&profile)
        origins[field] = origin
    }

    // MARK: Comparing

    /// A fact that two records do not share.
    public struct Difference: Sendable, Equatable, CustomStringConvertible {
        public var field: ProfileField
        public var old: JSONValue
        public var new: JSONValue

        public var description: String { "\(field.rawValue): \(old.text) before, now \(new.text)" }
    }

    /// The facts that differ from those of an older record, whatever their origins.
    public func differences(from old: ProfileRecord) -> [Difference] {
        ProfileField.allCases.compactMap { field in
            let (before, now) = (old.profile[field], profile[field])
            return before == now ? nil : Difference(field: field, old: before, new: now)
        }
    }
}

/// `medresearcher.backend/1`.
extension ProfileRecord {
    static let format = "medresearcher.backend/1"

    public var json: JSONValue {
        var facts = JSONObject()
        for field in ProfileField.allCases {
            let origin = origin(of: field)
            facts[field.rawValue] = [
                "value": profile[field], "origin": .string(origin.kind), "evidence": .string(origin.evidence),
            ]
        }
        return ["format": .string(Self.format), "name": .string(profile.name), "facts": .object(facts)]
    }

    /// Reads a record; facts that it does not hold, because an older version wrote it, are those of the documentation.
    public init(json: JSONValue) throws(JSONError) {
        let format = try json.string(at: "format")
        guard format == Self.format else {
            throw .unexpected(path: "format", expected: "\"\(Self.format)\"", found: "\"\(format)\"")
        }
        var profile = BackendProfile.tinker
        profile.name = try json.string(at: "name")
        self.init(assuming: profile, source: "default")
        let facts = JSONValue.object(try json.object(at: "facts"))
        for field in ProfileField.allCases {
            guard let fact = facts[field.rawValue], let value = fact["value"] else { continue }
            let kind = try fact.string(at: "origin")
            guard let origin = Origin(kind: kind, evidence: fact["evidence"]?.stringValue ?? "") else {
                throw .unexpected(
                    path: "facts.\(field.rawValue).origin", expected: "measured, stated, assumed or recipe",
                    found: "\"\(kind)\"")
            }
            try set(field, to: value, origin: origin)
        }
    }
}
