import Primitives

/// A fact of a ``BackendProfile`` by its name in JSON, in recipes and in tables; one case for each.
public enum ProfileField: String, Sendable, CaseIterable {
    case dialect
    case lossReduction = "loss_reduction"
    case policyWeights = "policy_weights"
    case logprobs
    case promptLogprobs = "prompt_logprobs"
    case losses
    case defaultClips = "default_clips"
    case clipConvention = "clip_convention"
    case idempotent
    case errorStyle = "error_style"
    case gradientClip = "gradient_clip"
    case gradientNorm = "gradient_norm"
    case seeds
    case seedWidth = "seed_width"
    case allParameters = "trains_all_parameters"
    case adapters = "trains_adapters"
    case adapterRank = "maximum_adapter_rank"
    case adapterSlots = "adapter_slots"
    case samplerVersions = "sampler_versions"
    case longPollSeconds = "long_poll_seconds"
    case chunkDatums = "chunk_datums"
    case chunkBytes = "chunk_bytes"

    /// Whether a run's results depend on the fact, so that a run must not go on where it has changed.
    public var decidesResults: Bool {
        switch self {
        case .lossReduction, .policyWeights, .logprobs, .clipConvention, .gradientClip, .seeds, .seedWidth: true
        case .dialect, .promptLogprobs, .losses, .defaultClips, .idempotent, .errorStyle, .gradientNorm, .allParameters,
            .adapters, .adapterRank, .adapterSlots, .samplerVersions, .longPollSeconds, .chunkDatums, .chunkBytes:
            false
        }
    }
}

extension BackendProfile {
    /// The value of a fact; null where it is not known.
    public subscript(field: ProfileField) -> JSONValue {
        switch field {
        case .dialect: .string(dialect.rawValue)
        case .lossReduction: .string(lossReduction.rawValue)
        case .policyWeights: .string(policyWeights.rawValue)
        case .logprobs: .string(logprobSpace.rawValue)
        case .promptLogprobs: .string(promptLogprobs.rawValue)
        case .losses: .array(losses.sorted().map { .string($0) })
        case .defaultClips:
            .object(
                JSONObject(
                    uniqueKeysWithValues: defaultClips.sorted { $0.key < $1.key }.map { name, bounds in
                        (key: name, value: [.number(bounds.lowerBound), .number(bounds.upperBound)])
                    }))
        case .clipConvention: .string(clipConvention.rawValue)
        case .idempotent: .bool(isIdempotent)
        case .errorStyle: .string(errorStyle.rawValue)
        case .gradientClip: .bool(honoursGradientClip)
        case .gradientNorm: .bool(reportsGradientNorm)
        case .seeds: .string(seedConvention.rawValue)
        case .seedWidth: .string(seedWidth.rawValue)
        case .allParameters: trainsAllParameters.map { .bool($0) } ?? .null
        case .adapters: trainsAdapters.map { .bool($0) } ?? .null
        case .adapterRank: maximumAdapterRank.map { .integer($0) } ?? .null
        case .adapterSlots: adapterSlots.map { .integer($0) } ?? .null
        case .samplerVersions: samplerVersions.map { .integer($0) } ?? .null
        case .longPollSeconds: longPollSeconds.map { .integer($0) } ?? .null
        case .chunkDatums: .integer(chunkDatums)
        case .chunkBytes: .integer(chunkBytes)
        }
    }

    /// Replaces a fact.
    public mutating func set(_ field: ProfileField, to value: JSONValue) throws(JSONError) {
        switch field {
        case .dialect: dialect = try Self.choice(value, field)
        case .lossReduction: lossReduction = try Self.choice(value, field)
        case .policyWeights: policyWeights = try Self.choice(value, field)
        case .logprobs: logprobSpace = try Self.choice(value, field)
        case .promptLogprobs: promptLogprobs = try Self.choice(value, field)
        case .losses:
            guard let names = value.arrayValue?.compactMap(\.stringValue), names.count == value.arrayValue?.count,
                Self.allLosses.isSuperset(of: names)
            else {
                throw Self.mismatch(field, "a list of \(Self.allLosses.sorted().joined(separator: ", "))", value)
            }
            losses = Set(names)
        case .defaultClips:
            guard let members = value.objectValue?.members else { throw Self.mismatch(field, "an object", value) }
            defaultClips = [:]
            for member in members {
                guard let bounds = member.value.arrayValue?.compactMap(\.doubleValue), bounds.count == 2,
                    bounds[0] <= bounds[1]
                else { throw Self.mismatch(field, "two bounds for each loss", member.value) }
                defaultClips[member.key] = bounds[0]...bounds[1]
            }
        case .clipConvention: clipConvention = try Self.choice(value, field)
        case .idempotent: isIdempotent = try Self.flag(value, field)
        case .errorStyle: errorStyle = try Self.choice(value, field)
        case .gradientClip: honoursGradientClip = try Self.flag(value, field)
        case .gradientNorm: reportsGradientNorm = try Self.flag(value, field)
        case .seeds: seedConvention = try Self.choice(value, field)
        case .seedWidth: seedWidth = try Self.choice(value, field)
        case .allParameters: trainsAllParameters = value.isNull ? nil : try Self.flag(value, field)
        case .adapters: trainsAdapters = value.isNull ? nil : try Self.flag(value, field)
        case .adapterRank: maximumAdapterRank = value.isNull ? nil : try Self.count(value, field)
        case .adapterSlots: adapterSlots = value.isNull ? nil : try Self.count(value, field)
        case .samplerVersions: samplerVersions = value.isNull ? nil : try Self.count(value, field)
        case .longPollSeconds: longPollSeconds = value.isNull ? nil : try Self.count(value, field)
        case .chunkDatums: chunkDatums = try Self.count(value, field)
        case .chunkBytes: chunkBytes = try Self.count(value, field)
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue, _ field: ProfileField
    ) throws(JSONError) -> Choice where Choice.RawValue == String {
        guard let choice = value.stringValue.flatMap(Choice.init(rawValue:)) else {
            throw mismatch(field, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "), value)
        }
        return choice
    }

    private static func flag(_ value: JSONValue, _ field: ProfileField) throws(JSONError) -> Bool {
        guard let flag = value.boolValue else { throw mismatch(field, "true or false", value) }
        return flag
    }

    private static func count(_ value: JSONValue, _ field: ProfileField) throws(JSONError) -> Int {
        guard let count = value.integerValue, count > 0 else { throw mismatch(field, "a positive whole number", value) }
        return count
    }

    private static func mismatch(_ field: ProfileField, _ expected: String, _ value: JSONValue) -> JSONError {
        .unexpected(path: field.rawValue, expected: expected, found: value.text)
    }
}
