import Primitives
import Testing

@testable import Tokenizers

/// Small pieces of Python that the templates use; expected values are Python's.
@Suite("Python's texts in the Llama templates")
struct LlamaTextTests {
    @Test("The white space that `str.strip` removes")
    func stripped() {
        let expected: Set<UInt32> = [
            9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200,
            8201, 8202, 8232, 8233, 8239, 8287, 12288,
        ]
        for value in UInt32(0)..<0x3100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isRemoved = "\(scalar)a\(scalar)".pythonStripped() == "a"
            if isRemoved != expected.contains(value) { Issue.record("U+\(String(value, radix: 16))") }
        }
        #expect(" a ".pythonStripped(leading: false) == " a")
        #expect("\r\n".pythonStripped().isEmpty)
    }

    @Test("`json.dumps(…, indent=4)`")
    func indented() {
        let value: JSONValue = ["a": [], "b": [:], "c": [1, [2, ["d": "é\"\n"]]], "e": 1.0, "f": nil]
        let expected = """
            {
                "a": [],
                "b": {},
                "c": [
                    1,
                    [
                        2,
                        {
                            "d": "é\\"\\n"
                        }
                    ]
                ],
                "e": 1.0,
                "f": null
            }
            """
        #expect(value.indentedPythonText == expected)
    }

    @Test(
        "Days",
        arguments: [
            ("2026-01-15", "15 Jan 2026"), ("2024-02-29", "29 Feb 2024"), ("0999-12-01", "01 Dec 999"),
            ("0000-01-01", nil),
            ("2023-02-29", nil), ("2026-1-15", nil), ("2026-13-01", nil), ("2026-01-00", nil), ("2026-04-31", nil),
            ("", nil), ("2026-01-1é", nil), ("+026-01-15", nil),
        ])
    func day(_ text: String, _ expected: String?) {
        #expect(TemplateClock(day: text).map(Llama3Settings.text) == expected)
    }
}
