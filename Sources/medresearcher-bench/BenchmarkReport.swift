import CKernels
import Foundation
import Primitives

/// The measurements of one benchmark with what is needed to read them.
struct BenchmarkReport {
    var benchmark: String
    /// What was measured on, one line.
    var workload: String
    var measurements: [Measurement] = []
    /// What the reader has to know, for example that a peer is absent.
    var notes: [String] = []

    func show(asJSON: Bool) {
        print(asJSON ? json.text : table)
    }

    private var json: JSONValue {
        [
            "benchmark": .string(benchmark), "workload": .string(workload), "machine": .string(Self.machine),
            "measurements": .array(measurements.map(\.json)), "notes": .array(notes.map { .string($0) }),
        ]
    }

    private var table: String {
        let header = ["measure", "ours", "unit", "peer", "peer value", "ratio"]
        let rows = measurements.map { measurement in
            [
                measurement.name, Self.text(measurement.value), measurement.unit, measurement.peer?.name ?? "-",
                measurement.peer.map { Self.text($0.value) } ?? "-",
                measurement.ratio.map { String(format: "%.2f", $0) } ?? "-",
            ]
        }
        let isNumber = [false, true, false, false, true, true]
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([header] + rows).map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumber[column] ? padding + row[column] : row[column] + padding
            }
            return cells.joined(separator: "  ")
        }
        let rule = String(repeating: "-", count: lines[0].count)
        let introduction = ["\(benchmark): \(workload)", Self.machine, "", lines[0], rule]
        let end = notes.map { "note: \($0)" } + ["ratio: how many times better than the peer; above 1 is ahead of it"]
        return (introduction + lines.dropFirst() + [""] + end).joined(separator: "\n")
    }

    /// Cores, instruction set of the kernels, and the load of the last minute.
    static var machine: String {
        var load = [0.0]
        let known = getloadavg(&load, 1) == 1
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(cores) cores, \(String(cString: mr_instruction_set())) kernels, load "
            + (known ? String(format: "%.1f", load[0]) : "unknown")
    }

    private static func text(_ value: Double) -> String {
        value >= 1000 ? String(Int(value.rounded())) : String(format: value >= 100 ? "%.1f" : "%.3g", value)
    }
}
