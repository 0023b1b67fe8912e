import Testing

@testable import Rewards

@Suite struct BooleanReaderTests {
    @Test(arguments: [
        ("Yes", "true"), ("no.", "false"), ("TRUE", "true"), ("**False**", "false"), ("\\text{Yes}", "true"),
        ("\"no\"", "false"), ("$\\text{True}$", "true"), ("\u{FF39}\u{FF45}\u{FF53}", "true"), ("yes\u{200B}", "true"),
    ])
    func `yes and no`(text: String, canonical: String) throws {
        #expect(try CollectionProbe(.boolean).value(text).text == canonical)
    }

    @Test(arguments: ["", "maybe", "y", "yes and no", "True or something else", "not no", "1", ".", "yes no", "уes"])
    func `anything else`(text: String) throws {
        let probe = try CollectionProbe(.boolean)
        #expect(throws: AnswerProblem.self) { try probe.value(text) }
    }

    @Test func `maybe and initials by policy`() throws {
        #expect(try CollectionProbe(.boolean, ["maybe": true]).value("Maybe").text == "maybe")
        #expect(try CollectionProbe(.boolean, ["initials": true]).isEqual("yes", "Y"))
        #expect(try !CollectionProbe(.boolean, ["initials": true]).isEqual("yes", "N"))
    }
}
