import Foundation
import Primitives
import Testing

/// The short form of `medresearcher-bench kills`: runs with overlap, dynamic sampling and replay that are killed and damaged
/// end as if nothing had happened, or refuse and say why.
@Suite(.serialized) struct KillMatrixTests {
    private static let bench = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
        .appendingPathComponent("medresearcher-bench").path

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: bench), "medresearcher-bench is not built"))
    func killedAndDamagedRunsEndAsIfNothingHadHappened() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.bench)
        let cases = ["flipped", "pending", "all manifests"]
        process.arguments =
            ["kills", "--json", "--points", "3", "--quickstart", Program.root + "/Recipes/quickstart"]
            + cases.flatMap { ["--cases", $0] }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let rows = try JSONValue.parse([UInt8](output)).arrayValue ?? []
        #expect(rows.count >= 1 + cases.count)
        for row in rows { #expect(row["passed"] == true, "\(row.text)") }
        #expect(process.terminationStatus == 0)
    }
}
