import Foundation
import Primitives

/// What the engine made of each workload, beside the ideal.
struct ScheduleReport {
    struct Row {
        var workload: ScheduleWorkload
        var measured: ScheduleResult
        var ideal: ScheduleResult
        /// The synchronous run of the same episodes, as measured and in the ideal.
        var synchronous: ScheduleResult
        var idealSynchronous: ScheduleResult
        var peer: ScheduleResult?

        var ofIdeal: Double { ideal.seconds / measured.seconds }
        var ofSynchronous: Double { synchronous.seconds / measured.seconds }
        var idealOfSynchronous: Double { idealSynchronous.seconds / ideal.seconds }

        var json: JSONValue {
            var object: JSONObject = [
                "sigma": .number(workload.sigma), "staleness": .integer(workload.staleness),
                "seconds": .number(measured.seconds), "ideal_seconds": .number(ideal.seconds),
                "episodes_per_second": .number(measured.episodesPerSecond(workload)),
                "trainer_busy": .number(measured.trainerBusy()), "ideal_trainer_busy": .number(ideal.trainerBusy()),
                "rollouter_busy": .number(measured.rollouterBusy(workload)),
                "ideal_rollouter_busy": .number(ideal.rollouterBusy(workload)), "of_ideal": .number(ofIdeal),
                "of_synchronous": .number(ofSynchronous), "ideal_of_synchronous": .number(idealOfSynchronous),
            ]
            if let peer { object["peer_of_ideal"] = .number(ideal.seconds / peer.seconds) }
            return .object(object)
        }
    }

    var rows: [Row]
    /// The ideal's gain by staleness 2 over many steps.
    var longRun: (sigma: Double, gain: Double)?

    func show(asJSON: Bool) {
        if asJSON {
            var report: JSONObject = [
                "benchmark": "schedule", "machine": .string(BenchmarkReport.machine),
                "rows": .array(rows.map(\.json)), "misses": .array(misses.map { .string($0) }),
            ]
            if let longRun { report["long_run_ideal_of_synchronous"] = .number(longRun.gain) }
            return print(JSONValue.object(report).text)
        }
        print(table)
    }

    /// The bars of the schedule that were missed.
    var misses: [String] {
        rows.flatMap { row -> [String] in
            let name = "sigma \(row.workload.sigma), staleness \(row.workload.staleness)"
            var misses: [String] = []
            if row.ofIdeal < 0.95 { misses.append("\(name): \(Self.text(row.ofIdeal)) of the ideal, 0.95 is the bar") }
            if row.workload.sigma == 1.5, row.workload.staleness == 2, row.ofSynchronous < 2 {
                misses.append("\(name): \(Self.text(row.ofSynchronous)) times the synchronous run, 2 is the bar")
            }
            return misses
        }
    }

    private var table: String {
        guard let workload = rows.first?.workload else { return "" }
        let header = [
            "sigma", "staleness", "seconds", "episodes/s", "trainer busy", "ideal", "rollouter busy", "ideal",
            "of ideal", "x synchronous", "ideal", "peer of ideal",
        ]
        let cells = rows.map { row in
            [
                String(row.workload.sigma), String(row.workload.staleness), Self.text(row.measured.seconds),
                String(format: "%.1f", row.measured.episodesPerSecond(row.workload)),
                Self.text(row.measured.trainerBusy()), Self.text(row.ideal.trainerBusy()),
                Self.text(row.measured.rollouterBusy(row.workload)), Self.text(row.ideal.rollouterBusy(row.workload)),
                String(format: "%.3f", row.ofIdeal), Self.text(row.ofSynchronous), Self.text(row.idealOfSynchronous),
                row.peer.map { String(format: "%.3f", row.ideal.seconds / $0.seconds) } ?? "-",
            ]
        }
        let widths = header.indices.map { column in ([header] + cells).map { $0[column].count }.max() ?? 0 }
        let lines = ([header] + cells).map { row in
            row.indices.map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }
                .joined(separator: "  ")
        }
        let introduction = [
            "schedule: \(workload.steps) steps of \(workload.questionsPerStep) groups of \(workload.groupSize) episodes, "
                + "\(workload.slots) slots, episodes of \(workload.episodeSeconds) s in the mean, training steps of "
                + "\(workload.trainSeconds) s",
            BenchmarkReport.machine, "", lines[0], String(repeating: "-", count: lines[0].count),
        ]
        let end = [
            "", "of ideal: throughput over that of the same admission rule without any overhead (a simulation)",
            "x synchronous: throughput over that of staleness 0 in this run, and the same of the two ideals",
            "peer of ideal: \(SchedulePeer.name), where --python names an interpreter",
        ]
        let gain = longRun.map {
            [
                "in the long run (1,000 steps) the ideal of sigma \($0.sigma) and staleness 2 is \(Self.text($0.gain)) x synchronous"
            ]
        }
        let bars = misses.isEmpty ? ["all bars are met"] : misses.map { "missed: \($0)" }
        return (introduction + lines.dropFirst() + end + (gain ?? []) + bars).joined(separator: "\n")
    }

    private static func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
