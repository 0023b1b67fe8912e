import Primitives

/// One row of `metrics.jsonl`: named numbers of one step, in the order in which they were set.
///
/// Everything but timings (see ``isTiming(_:)``) is a function of the recipe.
public struct StepMetrics: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        var name: String
        var value: Double?
    }

    public var stage: StageName
    /// Steps count from 1; 0 is a row about the policy that the stage started from.
    public var step: Int
    private var entries: [Entry] = []

    public init(stage: StageName, step: Int) {
        self.stage = stage
        self.step = step
    }

    /// A metric by its name; `nil` where it was not set or has no value in this step (stored as `null`). A number that is
    /// not finite has no value either.
    public subscript(name: String) -> Double? {
        get { entries.first { $0.name == name }?.value }
        set {
            let value = newValue.flatMap { $0.isFinite ? $0 : nil }
            if let index = entries.firstIndex(where: { $0.name == name }) {
                entries[index].value = value
            } else {
                entries.append(Entry(name: name, value: value))
            }
        }
    }

    /// The names in order, those without a value included.
    public var names: [String] { entries.map(\.name) }

    /// Whether a metric depends on the clock, so that it differs from run to run.
    public static func isTiming(_ name: String) -> Bool {
        ["time/", "throughput/", "in_flight/"].contains { name.hasPrefix($0) } || name.hasSuffix("idle_ratio")
    }

    /// The row without its timings.
    public var reproduciblePart: StepMetrics {
        var part = self
        part.entries.removeAll { Self.isTiming($0.name) }
        return part
    }

    /// Whole numbers are written without a fraction.
    public var json: JSONValue {
        var row: JSONObject = ["stage": .string(stage.rawValue), "step": .integer(Int64(step))]
        for entry in entries {
            row[entry.name] =
                entry.value.map { value in
                    Int64(exactly: value).map { .integer($0) } ?? .number(value)
                } ?? .null
        }
        return .object(row)
    }

    public init(json: JSONValue) throws(JSONError) {
        let name = try json.string(at: "stage")
        guard let stage = StageName(rawValue: name) else {
            let names = StageName.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "stage", expected: "one of \(names)", found: "`\(name)`")
        }
        self.init(stage: stage, step: try json.integer(at: "step"))
        for (name, value) in json.objectValue?.members ?? [] where name != "stage" && name != "step" {
            guard value == .null || value.doubleValue != nil else {
                throw .unexpected(path: name, expected: "a number or null", found: value.kind)
            }
            entries.append(Entry(name: name, value: value.doubleValue))
        }
    }
}
