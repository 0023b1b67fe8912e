import Primitives

/// What an import read, and what it left out and why.
public struct ImportReport: Sendable, Hashable {
    /// Records of one kind that were left out for one reason.
    public struct Omission: Sendable, Hashable {
        public var reason: String
        public var count: Int
        /// The first few, each with its place.
        public var examples: [String]
    }

    private static let maximumExamples = 3

    /// Rows, stanzas or elements read, including those left out.
    public private(set) var records = 0
    /// In the order of their first appearance.
    public private(set) var omissions: [Omission] = []
    private var positions: [String: Int] = [:]

    public init() {}

    /// Everything that was left out.
    public var omitted: Int { omissions.reduce(0) { $0 + $1.count } }

    /// How often something was left out for this reason.
    public func count(_ reason: String) -> Int { positions[reason].map { omissions[$0].count } ?? 0 }

    mutating func read(_ count: Int = 1) { records += count }

    /// Counts a record that is left out. `reason` says what is missing, `example` the value and its place.
    mutating func omit(_ reason: String, _ example: @autoclosure () -> String) {
        let position = positions[reason] ?? omissions.count
        if position == omissions.count {
            positions[reason] = position
            omissions.append(Omission(reason: reason, count: 0, examples: []))
        }
        omissions[position].count += 1
        if omissions[position].examples.count < Self.maximumExamples { omissions[position].examples.append(example()) }
    }

    public var json: JSONValue {
        [
            "records": .integer(records),
            "left_out": .array(
                omissions.map { omission in
                    [
                        "reason": .string(omission.reason), "count": .integer(omission.count),
                        "examples": .array(omission.examples.map { .string($0) }),
                    ]
                }),
        ]
    }
}

extension ImportReport: CustomStringConvertible {
    /// One line for what was read, and one for each reason with its first example.
    public var description: String {
        let lines = omissions.map { omission in
            "left out \(omission.count): \(omission.reason)" + (omission.examples.first.map { " (\($0))" } ?? "")
        }
        return (["\(records) records read"] + lines).joined(separator: "\n")
    }
}
