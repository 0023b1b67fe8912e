import Primitives

/// A profile as a table for people: each fact, its value, whether it was measured, and on what evidence.
public enum ProfileTable {
    public static func text(_ record: ProfileRecord) -> String {
        let rows =
            [["fact", "value", "origin", "evidence"]]
            + ProfileField.allCases.map { field in
                let origin = record.origin(of: field)
                return [field.rawValue, value(record.profile[field]), origin.kind, origin.evidence]
            }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ") + "  "
                + row[3]
        }.joined(separator: "\n")
    }

    private static func value(_ value: JSONValue) -> String {
        switch value {
        case .null: "unknown"
        case .bool(let flag): flag ? "yes" : "no"
        case .string(let text): text
        case .array(let items): items.map { $0.stringValue ?? $0.text }.joined(separator: ", ")
        case .object(let object):
            object.members.map { member in
                "\(member.key) " + (member.value.arrayValue ?? []).map(\.text).joined(separator: "–")
            }.joined(separator: ", ")
        default: value.text
        }
    }
}
