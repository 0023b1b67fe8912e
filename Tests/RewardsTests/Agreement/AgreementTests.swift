import Foundation
import Primitives
import Testing

@testable import Rewards

/// Runs every converted case of the peers' test suites, and holds the disagreements to the list in `Disagreements.json`,
/// which names the reason of each.
@Suite(.enabled(if: SharedCases.isPresent, "the reward cases are not beside the repository"))
struct AgreementTests {
    @Test(arguments: SharedCases.files)
    func `a file's cases agree, but for those with a reason`(file: String) throws {
        let listed = try Disagreements.load(file)
        let disagreements = try SharedCases.disagreements(in: file)
        let unexplained = disagreements.filter { listed[$0.line] == nil }
        #expect(unexplained.isEmpty, "\(unexplained.prefix(5).map(\.description).joined(separator: "\n"))")
        let resolved = listed.keys.filter { line in !disagreements.contains { $0.line == line } }.sorted()
        #expect(resolved.isEmpty, "listed as disagreements, but they agree")
        let cases = try SharedCases.lines(file).count
        #expect(Double(cases - disagreements.count) >= 0.95 * Double(cases))
    }

    @Test func `at least 97 of 100 cases agree overall`() throws {
        var (cases, disagreements) = (0, 0)
        for file in SharedCases.files {
            cases += try SharedCases.lines(file).count
            disagreements += try Disagreements.load(file).count
        }
        #expect(Double(cases - disagreements) >= 0.97 * Double(cases))
    }
}
