import Testing
import Training

@testable import Reporting

@Suite struct TerminalCurveTests {
    @Test(arguments: [TextEncoding.unicode, .ascii])
    func fitsItsFrame(encoding: TextEncoding) {
        for (columns, lines) in [(80, 16), (40, 8), (60, 12)] {
            for rows in [SampleRun.rows, SampleRun.supervisedRows, SampleRun.reinforcementRows, [SampleRun.rows[6]]] {
                let text = TerminalCurve(columns: columns, lines: lines, encoding: encoding).text(rows)
                let drawn = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                #expect(drawn.count <= lines)
                #expect(drawn.allSatisfy { $0.count <= columns })
                if encoding == .ascii { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
            }
        }
    }

    @Test func drawsRewardHeldOutAccuracyAndStages() {
        let text = TerminalCurve(columns: 50, lines: 10, encoding: .ascii).text(SampleRun.rows)
        #expect(
            text == """
                      * reward   o held-out accuracy
                1.00 +              :                         ****
                     |              :           **************   o
                0.67 +              :***********
                     |              :
                0.33 +             o:
                     |              :
                0.00 +o             :
                     +--------------------------------------------
                      SFT, steps 0-4 GRPO, steps 1-5

                """)
    }

    @Test func linesAreBraillePatterns() {
        var canvas = DotCanvas(columns: 2, rows: 1, encoding: .unicode)
        canvas.line(from: (0, 3), to: (3, 0))
        #expect(canvas.line(0) == "⡠⠊")
        canvas.mark("●", x: 3, y: 0)
        #expect(canvas.line(0) == "⡠●")
        canvas.set(x: 9, y: 9)
        #expect(canvas.isEmpty(column: 0, row: 0) == false)
    }

    @Test func noRowsAreSaid() {
        #expect(TerminalCurve().text([]) == "no steps recorded yet\n")
    }

    @Test(arguments: [
        (["LANG": "de_DE.UTF-8"], TextEncoding.unicode), (["LANG": "C"], .ascii), ([:], .ascii),
        (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii), (["LC_ALL": "", "LC_CTYPE": "C.utf8"], .unicode),
    ])
    func encodingFollowsTheLocale(environment: [String: String], expected: TextEncoding) {
        #expect(TextEncoding.detect(environment: environment) == expected)
    }
}
