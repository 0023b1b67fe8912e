import Backends
import Foundation
import Primitives

/// Where a recipe trains.
public struct BackendSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable { case embedded, tinker, skyrl }
    public var kind: Kind
    public var url: String?
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String
    /// Threads of the embedded backend; 0 takes the machine's cores.
    public var threads: Int
    /// How often in a row a run may lose its session and go on from the last manifest without a new manifest in between.
    public var restarts: Int
    /// Whether the server is measured before training.
    public var probes: Bool
    /// Facts of the server's profile that the recipe's author knows better than the probe.
    public var facts: [(field: ProfileField, value: JSONValue)]

    init(_ section: RecipeSection) {
        kind = section.choice("kind", default: Kind.embedded) ?? .embedded
        url = section.optionalText("url")
        apiKeyVariable = section.text("api_key_env", default: "TINKER_API_KEY")
        threads = section.integer("threads", default: 0, in: 0...256)
        restarts = section.integer("restarts", default: 3, in: 0...1_000_000)
        probes = section.boolean("probe", default: true)
        facts = []
        if section.has("profile") {
            facts = Self.facts(section.section("profile"), base: kind.profile)
        }
        section.knows("profile")
        section.finish()
        if kind == .embedded && url != nil {
            section.reader.complain(section.place, "backend.url is for servers; the embedded backend chooses its own")
        }
        if kind == .embedded && !facts.isEmpty {
            section.reader.complain(
                section.place, "backend.profile is for servers; the embedded backend's profile is known")
        }
        if kind != .embedded && url == nil {
            section.reader.complain(section.place, "backend.url is missing; expected the server's address")
        }
        if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            section.reader.complain(
                section.place(of: "url"), "backend.url must start with http:// or https://, found `\(url)`")
        }
    }

    private static func facts(_ section: RecipeSection, base: BackendProfile) -> [(
        field: ProfileField, value: JSONValue
    )] {
        var facts: [(field: ProfileField, value: JSONValue)] = []
        var profile = base
        for field in ProfileField.allCases where field != .defaultClips {
            let key = field.rawValue
            guard section.has(key) else {
                section.knows(key)
                continue
            }
            let value: JSONValue =
                field == .losses
                ? .array(section.texts(key, default: []).map { .string($0) })
                : value(of: section.optionalText(key) ?? "")
            do throws(JSONError) {
                try profile.set(field, to: value)
                facts.append((field, value))
            } catch {
                section.reader.complain(section.place(of: key), "backend.profile.\(error)")
            }
        }
        section.finish()
        return facts
    }

    /// A YAML scalar as JSON.
    private static func value(of text: String) -> JSONValue {
        switch text {
        case "true": true
        case "false": false
        default: Int(text).map { .integer($0) } ?? .string(text)
        }
    }

    /// The norm above which gradients are clipped where a recipe does not say; none where clipping would be ignored.
    var defaultClipNorm: Double { kind.profile.honoursGradientClip ? 1 : 0 }

    var threadCount: Int { threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount }
}

extension BackendSection.Kind {
    /// What is assumed of the server before it is measured.
    var profile: BackendProfile {
        switch self {
        case .embedded: .embedded
        case .tinker: .tinker
        case .skyrl: .skyRL
        }
    }
}
