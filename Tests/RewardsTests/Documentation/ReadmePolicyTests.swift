import Primitives
import Testing

@testable import Rewards

/// Compares the documented policy fields with those that the types know.
@Suite struct ReadmePolicyTests {
    private static let header = ["field", "types", "values", "default", "meaning"]
    static let fields = Readme.tables.filter { $0.header == header }.flatMap(\.rows)

    private static func types(_ row: Readme.Row) -> [AnswerType] {
        row.cells[1] == "all" ? AnswerType.allCases : Readme.codes(row.cells[1]).compactMap(AnswerType.init(rawValue:))
    }

    /// The error of a policy for a type, whatever its gold.
    private static func error(_ type: AnswerType, _ policy: JSONObject) -> RewardError? {
        do throws(RewardError) {
            _ = try PreparedGold(Gold(type: type, value: "1", policy: policy))
            return nil
        } catch {
            return error
        }
    }

    /// What the type itself says that it knows.
    private static func known(_ type: AnswerType) -> Set<String> {
        guard case .unknownPolicyField(_, _, let known) = error(type, ["no such field": true]) else { return [] }
        return Set(known)
    }

    @Test(arguments: AnswerType.allCases)
    func `the documented fields of a type are those that it knows`(type: AnswerType) {
        let documented = Self.fields.filter { Self.types($0).contains(type) }.map { Readme.code($0.cells[0]) }
        #expect(Set(documented).count == documented.count)
        let known = Self.known(type)
        #expect(!known.isEmpty)
        #expect(Set(documented).subtracting(known) == [], "documented and not known")
        #expect(known.subtracting(documented) == [], "known and not documented")
    }

    @Test(arguments: fields)
    func `a documented field is known to its types, with the values that are listed`(row: Readme.Row) {
        #expect(row.cells.count == Self.header.count)
        let field = Readme.code(row.cells[0])
        let types = Self.types(row)
        #expect(!types.isEmpty)
        #expect(row.cells[1] == "all" || types.count == Readme.codes(row.cells[1]).count)
        let listed = Readme.codes(row.cells[2])
        for type in types {
            if case .unknownPolicyField = Self.error(type, [field: .null]) { Issue.record("\(type): \(field)") }
            // No field takes this number, except the fields that take numbers and those that take any value.
            guard case .invalidPolicy(let name, _, let expected)? = Self.error(type, [field: .number(0.5)]),
                name == field
            else { continue }
            if expected == "true or false" { #expect(listed == ["true", "false"], "\(type): \(field)") }
            if expected.hasPrefix("one of ") {
                #expect(expected == "one of " + listed.joined(separator: ", "), "\(type): \(field)")
            }
        }
    }

    @Test func `a field's default is a value that is listed`() {
        for row in Self.fields {
            let listed = Readme.codes(row.cells[2])
            guard !listed.isEmpty, let standard = Readme.codes(row.cells[3]).first else { continue }
            #expect(listed.contains(standard), "\(row)")
        }
    }
}
