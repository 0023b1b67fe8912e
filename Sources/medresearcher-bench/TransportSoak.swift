import Foundation
import Transport

/// Resident memory over many requests.
struct TransportSoak: Sendable {
    var requests: Int
    var slots = 256

    struct Result: Sendable {
        /// Bytes resident after a tenth of the requests, and at the end.
        var early: Int
        var late: Int
        var processorPerRequest: Double
        var seconds: Double
    }

    func run(_ client: HTTPClient, url: String) async throws -> Result {
        let warmUp = TransportLoad(
            kind: .small, slots: slots, waits: Array(repeating: 0, count: max(slots, requests / 10)))
        _ = try await warmUp.run(client, url: url)
        let early = Self.residentBytes
        var result = Result(early: early, late: early, processorPerRequest: 0, seconds: 0)
        var left = requests - warmUp.waits.count
        while left > 0 {
            // In parts, so that the list of latencies stays small.
            let part = TransportLoad(kind: .small, slots: slots, waits: Array(repeating: 0, count: min(left, 20_000)))
            let cost = try await part.run(client, url: url)
            result.processorPerRequest += cost.processor * Double(part.waits.count)
            result.seconds += cost.makespan
            left -= part.waits.count
        }
        result.processorPerRequest /= Double(max(1, requests - warmUp.waits.count))
        result.late = Self.residentBytes
        return result
    }

    /// Of this process; 0 where the system does not say.
    private static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
