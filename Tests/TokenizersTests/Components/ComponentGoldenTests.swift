import Primitives
import Testing

@testable import Tokenizers

/// One component of ``ComponentGoldens``.
struct ComponentGolden: Sendable, CustomTestStringConvertible {
    struct Row: Sendable {
        let text: String
        /// The normalised text as its only element, or the pieces.
        let results: [String]
        let spans: [Range<Int>]
    }

    let kind: String
    let json: JSONValue
    let rows: [Row]

    var testDescription: String { json.text }

    var component: FileComponent { FileComponent(file: "test", path: kind, value: json) }

    init?(_ line: JSONValue) {
        guard let cells = line.arrayValue, cells.count == 3, let kind = cells[0].stringValue else { return nil }
        self.kind = kind
        json = cells[1]
        rows = (cells[2].arrayValue ?? []).map { row in
            let cells = row.arrayValue ?? []
            let results = cells[1].stringValue.map { [$0] } ?? cells[1].arrayValue?.compactMap(\.stringValue) ?? []
            let spans = (cells[2].arrayValue ?? []).compactMap(\.tokensValue).map { Int($0[0])..<Int($0[1]) }
            return Row(text: cells[0].stringValue ?? "", results: results, spans: spans)
        }
    }

    static let all: [ComponentGolden] = ComponentGoldens.lines.split(separator: "\n").compactMap {
        (try? JSONValue.parse(String($0))).flatMap(ComponentGolden.init)
    }

    static func all(_ kind: String) -> [ComponentGolden] { all.filter { $0.kind == kind } }
}

@Suite("Components do what the reference's do")
struct ComponentGoldenTests {
    @Test("Normalised text and its alignment", arguments: ComponentGolden.all("normalizer"))
    func normalizer(golden: ComponentGolden) throws {
        let normalizer = try Normalizer(golden.component)
        for row in golden.rows {
            var text = AlignedText(row.text.utf8, at: 0)
            normalizer.normalize(&text)
            #expect(text.utf8 == Array(row.results.joined().utf8), "\(row.text)")
            let origins = try #require(text.origins)
            let spans = zip(text.utf8, origins).filter { $0.0 & 0xC0 != 0x80 }.map { scalars($0.1, of: row.text) }
            #expect(spans == row.spans, "\(row.text)")
        }
    }

    @Test("Pieces and their alignment", arguments: ComponentGolden.all("pre_tokenizer"))
    func preTokenizer(golden: ComponentGolden) throws {
        let preTokenizer = try PreTokenizer(golden.component)
        for row in golden.rows {
            let pieces = preTokenizer.split(AlignedText(row.text.utf8, at: 0), isStart: true)
            #expect(pieces.map(\.utf8) == row.results.map { Array($0.utf8) }, "\(row.text)")
            let spans = try pieces.map { piece in
                let origins = try #require(piece.origins)
                let first = try #require(origins.first)
                return scalars(first.lowerBound..<(origins.last?.upperBound ?? 0), of: row.text)
            }
            #expect(spans == row.spans, "\(row.text)")
        }
    }

    @Test("Offsets change nothing but offsets", arguments: ComponentGolden.all)
    func withoutOffsets(golden: ComponentGolden) throws {
        for row in golden.rows {
            var aligned = AlignedText(row.text.utf8, at: 0)
            var plain = AlignedText(row.text.utf8, at: nil)
            if golden.kind == "normalizer" {
                try Normalizer(golden.component).normalize(&aligned)
                try Normalizer(golden.component).normalize(&plain)
                #expect(aligned.utf8 == plain.utf8)
                #expect(plain.origins == nil)
            } else {
                let preTokenizer = try PreTokenizer(golden.component)
                if preTokenizer.needsOrigins { continue }
                let pieces = preTokenizer.split(plain, isStart: true)
                #expect(pieces.map(\.utf8) == preTokenizer.split(aligned, isStart: true).map(\.utf8))
            }
        }
    }

    /// The scalars that some bytes of a text belong to.
    private func scalars(_ bytes: Range<Int32>, of text: String) -> Range<Int> {
        func count(before byte: Int32) -> Int { text.utf8.prefix(Int(byte)).count { $0 & 0xC0 != 0x80 } }
        return count(before: bytes.lowerBound)..<count(before: bytes.upperBound)
    }
}
