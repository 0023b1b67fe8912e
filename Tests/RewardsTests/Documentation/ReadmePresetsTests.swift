import Testing

@testable import Rewards

/// Compares the documented presets with those that there are.
@Suite struct ReadmePresetsTests {
    private static let listed = Readme.tables.filter { $0.header == ["family", "presets", "what"] }
        .flatMap { $0.rows.flatMap { Readme.codes($0.cells[1]) } }
    static let names = listed.filter { !$0.hasSuffix("*") }
    static let prefixes = listed.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }

    @Test(arguments: names)
    func `a listed preset exists`(name: String) {
        #expect(GradingPresets.all.contains { $0.name == name })
    }

    @Test(arguments: prefixes)
    func `a listed family exists`(prefix: String) {
        #expect(prefix.count > 2)
        #expect(GradingPresets.all.contains { $0.name.hasPrefix(prefix) })
    }

    @Test func `every preset is listed, or its family is`() {
        let names = Set(Self.names)
        #expect(names.count == Self.names.count)
        for preset in GradingPresets.all {
            let isCovered = names.contains(preset.name) || Self.prefixes.contains { preset.name.hasPrefix($0) }
            #expect(isCovered, "\(preset.name)")
        }
    }

    @Test func `every answer type has a section`() {
        let sections = Set(Readme.tables.map(\.section))
        for type in AnswerType.allCases { #expect(sections.contains(type.rawValue), "\(type)") }
    }
}
