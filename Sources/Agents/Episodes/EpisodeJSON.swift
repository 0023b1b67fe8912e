import Backends
import Primitives

/// The stored form of an episode, which reads back to an equal one. The mask is in the turns' token ranges, and
/// `logprobs` holds the policy's tokens only, in order; `sequence_starts` is there if there is more than one, and
/// `version_spans` if more than one version of the policy wrote; counts that follow from the rest are written for readers.
extension Episode {
    public var json: JSONValue {
        var object: JSONObject = [
            "policy_version": .integer(policyVersion),
            "termination": .string(termination.rawValue),
            "messages": .array(messages.map(\.json)),
            "turns": .array(turns.map(\.json)),
            "tool_calls": .integer(toolCallCount),
            "tool_errors": .integer(toolErrorCount),
            "response_tokens": .integer(responseTokenCount),
            "tokens": .tokens(tokens),
            "logprobs": .floats(turns.flatMap { logprobs[$0.range] }),
        ]
        if let failure {
            object["failure"] = ["kind": .string(failure.kind.rawValue), "reason": .string(failure.reason)]
        }
        if sequenceStarts.count > 1 { object["sequence_starts"] = .array(sequenceStarts.map { .integer($0) }) }
        if !versionSpans.isEmpty {
            object["version_spans"] = .array(
                versionSpans.map { ["tokens": .integer($0.tokenCount), "policy_version": .integer($0.policyVersion)] })
        }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        let tokens = try json.tokens(at: "tokens")
        let turns: [Turn] = try Self.elements(of: json, at: "turns") { element throws(JSONError) in
            try Turn(json: element)
        }
        guard Self.areOrdered(turns, within: tokens.count) else {
            throw .unexpected(
                path: "turns", expected: "ascending token ranges within \(tokens.count) tokens", found: "others")
        }
        let starts = try json["sequence_starts"].map { _ throws(JSONError) in
            try json.array(at: "sequence_starts").compactMap(\.integerValue)
        }
        if let starts, !Self.areStarts(starts, within: tokens.count) {
            throw .unexpected(
                path: "sequence_starts", expected: "positions that ascend from 0 within \(tokens.count) tokens",
                found: "others")
        }
        let written = try json.floats(at: "logprobs")
        let expectedCount = turns.reduce(0) { $0 + $1.range.count }
        guard written.count == expectedCount else {
            throw .unexpected(
                path: "logprobs", expected: "\(expectedCount) numbers, one per token of the turns",
                found: "\(written.count)")
        }
        var logprobs = [Float](repeating: 0, count: tokens.count)
        var next = 0
        for turn in turns {
            logprobs.replaceSubrange(turn.range, with: written[next..<next + turn.range.count])
            next += turn.range.count
        }
        let name = try json.string(at: "termination")
        guard let termination = Termination(rawValue: name) else {
            let names = Termination.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "termination", expected: "one of \(names)", found: "`\(name)`")
        }
        let failure = try Self.failure(in: json)
        guard (failure != nil) == (termination == .failed) else {
            throw .unexpected(
                path: "failure", expected: termination == .failed ? "a failure" : "none", found: "the opposite")
        }
        let messages: [Message] = try Self.elements(of: json, at: "messages") { element throws(JSONError) in
            try Message(json: element)
        }
        let policyVersion: Int = try json.integer(at: "policy_version")
        let spans = try Self.versionSpans(in: json)
        guard Self.areSpans(spans, of: turns, from: policyVersion) else {
            throw .unexpected(
                path: "version_spans",
                expected: "spans over \(expectedCount) tokens that begin with policy version \(policyVersion)",
                found: "others")
        }
        self.init(
            tokens: tokens, sequenceStarts: starts ?? [0], logprobs: logprobs, messages: messages, turns: turns,
            termination: termination, failure: failure, policyVersion: policyVersion, versionSpans: spans)
    }

    private static func versionSpans(in json: JSONValue) throws(JSONError) -> [VersionSpan] {
        guard json["version_spans"] != nil else { return [] }
        return try elements(of: json, at: "version_spans") { element throws(JSONError) in
            VersionSpan(
                tokenCount: try element.integer(at: "tokens"),
                policyVersion: try element.integer(at: "policy_version"))
        }
    }

    private static func failure(in json: JSONValue) throws(JSONError) -> EpisodeFailure? {
        guard let failure = json["failure"] else { return nil }
        let name = try failure.string(at: "kind")
        guard let kind = EpisodeFailure.Kind(rawValue: name) else {
            let names = EpisodeFailure.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "failure.kind", expected: "one of \(names)", found: "`\(name)`")
        }
        return EpisodeFailure(kind, reason: try failure.string(at: "reason"))
    }

    static func elements<Element>(
        of json: JSONValue, at key: String, read: (JSONValue) throws(JSONError) -> Element
    ) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        for (index, element) in try json.array(at: key).enumerated() {
            do { elements.append(try read(element)) } catch { throw error.within("\(key)[\(index)]") }
        }
        return elements
    }
}

extension Episode.Turn {
    var json: JSONValue {
        var object: JSONObject = [
            "tokens": .array([.integer(range.lowerBound), .integer(range.upperBound)]),
            "truncated": .bool(wasTruncated),
            "calls": .array(calls.map(\.json)),
            "violation": violation.map { .string($0) } ?? .null,
        ]
        if let selection { object["selection"] = selection.json }
        return .object(object)
    }

    init(json: JSONValue) throws(JSONError) {
        let bounds = try json.array(at: "tokens").compactMap(\.integerValue)
        guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
            throw .unexpected(path: "tokens", expected: "two ascending positions", found: "others")
        }
        let calls: [ToolCallRecord] = try Episode.elements(of: json, at: "calls") { element throws(JSONError) in
            try ToolCallRecord(json: element)
        }
        self.init(
            range: bounds[0]..<bounds[1], wasTruncated: try json.bool(at: "truncated"), calls: calls,
            violation: json["violation"].map(\.isNull) ?? true ? nil : try json.string(at: "violation"),
            selection: try Self.selection(in: json))
    }
    private static func selection(in json: JSONValue) throws(JSONError) -> ToolSelection? {
        guard let selection = json["selection"] else { return nil }
        do { return try ToolSelection(json: selection) } catch { throw error.within("selection") }
    }
}
