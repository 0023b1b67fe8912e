import Foundation
import Primitives
import Testing
@testable import Rewards
@Suite struct DumpTests {
    @Test func dump() throws {
        var text = ""
        for file in SharedCases.files {
            let lines = try SharedCases.lines(file)
            var seen: [String: (Int, Int)] = [:]
            var bad = ""
            for (index, line) in lines.enumerated() {
                let json = try JSONValue.parse(String(line))
                let name = json["type"]?.stringValue ?? ""
                var result: String?
                do {
                    let o = try Scorer().score(try ScoreCase(json: json))
                    if o.agrees == false { result = o.json.text }
                } catch { result = "ERROR \(error)" }
                seen[name, default: (0, 0)].1 += 1
                if let result {
                    bad +=
                        "\(file):\(index + 1) \(name) exp=\(json["expected"]!.text) G=\(json["gold"]!.text.prefix(200)) P=\(String(json["prediction"]!.text.suffix(200))) :: \(result.prefix(500))\n"
                } else {
                    seen[name, default: (0, 0)].0 += 1
                }
            }
            text +=
                "## \(file): "
                + seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.0)/\($0.value.1)" }.joined(
                    separator: ", ") + "\n" + bad
        }
        try text.write(toFile: "/tmp/agreement.txt", atomically: true, encoding: .utf8)
    }
}
