import Foundation
import Primitives
import Testing

/// Entries of the reference values of peers, by their names.
enum Golden {
    /// Two lists agree within the rounding of the reference, six digits.
    static func agree(_ found: [Double], _ wanted: [Double], within tolerance: Double = 1.5e-6) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }
    }

    static func numbers(_ path: String...) throws -> [Double] {
        var value = try SharedData.grpo()
        for key in path { value = try #require(value[key], "no entry \(key)") }
        return try #require(value.arrayValue).compactMap { $0.doubleValue ?? Double($0.stringValue ?? "") }
    }

    static func number(_ path: String...) throws -> Double {
        var value = try SharedData.grpo()
        for key in path { value = try #require(value[key], "no entry \(key)") }
        return try #require(value.doubleValue)
    }
}
