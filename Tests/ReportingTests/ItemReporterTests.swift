import Synchronization
import Testing

@testable import Reporting

struct ItemReporterTests {
    private final class Stage: Sendable {
        let text = Mutex("")
        let clock = Mutex(0.0)
    }

    private static func written(
        _ style: ItemReporter.Style, _ use: (ItemReporter, (Double) -> Void) -> Void
    ) -> String {
        let stage = Stage()
        let reporter = ItemReporter(
            title: "synthesize", style: style, write: { new in stage.text.withLock { $0 += new } },
            seconds: { stage.clock.withLock { $0 } })
        use(reporter) { seconds in stage.clock.withLock { $0 = seconds } }
        return stage.text.withLock { $0 }
    }

    @Test func aLogHasALinePerTwentieth() {
        let text = Self.written(.plain) { reporter, set in
            for finished in 0...1000 {
                set(Double(finished))
                reporter.update(finished: finished, of: 1000, measures: ["\(finished) answered"])
            }
            reporter.finish()
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == 21)
        #expect(lines[0] == "synthesize 0/1,000  0 answered  0:00")
        #expect(lines[10] == "synthesize 500/1,000  500 answered  8:20, 8:20 left")
        #expect(lines[20] == "synthesize 1,000/1,000  1000 answered  16:40")
    }

    @Test func whatWasThereBeforeDoesNotCountForTheTimeLeft() {
        let text = Self.written(.plain) { reporter, set in
            reporter.update(finished: 80, of: 100, measures: [])
            set(10)
            reporter.update(finished: 90, of: 100, measures: [])
        }
        #expect(text.hasSuffix("synthesize 90/100  0:10, 0:10 left\n"))
    }

    @Test(arguments: [20, 40, 60, 100]) func aTerminalsLineFits(columns: Int) {
        let text = Self.written(.live(columns: { columns }, encoding: .unicode)) { reporter, set in
            reporter.update(finished: 30, of: 60, measures: ["29 answered", "4.2 calls each"])
            reporter.finish()
        }
        let line = text.dropFirst().prefix { $0 != "\u{1B}" }
        #expect(line.count < columns)
        #expect(line.hasPrefix("synthesize 30/60"))
        // The measures come first: the bar is drawn where room is left.
        #expect(line.contains("━") == (columns >= 100))
        #expect(text.hasSuffix("\n"))
    }

    @Test func aTerminalIsNotDrawnAtEveryItem() {
        let text = Self.written(.live(columns: { 80 }, encoding: .ascii)) { reporter, set in
            for finished in 0...100 {
                set(Double(finished) * 0.01)
                reporter.update(finished: finished, of: 100, measures: [])
            }
        }
        #expect(text.split(separator: "\r").count <= 12)
        #expect(text.contains("100/100"))
    }
}
