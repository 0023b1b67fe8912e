import Primitives
import Storage
import Training

/// Reads the `metrics.jsonl` of a run directory.
public enum MetricsFile {
    public static func read(_ path: String) throws(ReportingError) -> [StepMetrics] {
        let values: [JSONValue]
        do { values = try JSONLines.read(path) } catch { throw .storage(error) }
        var rows: [StepMetrics] = []
        for (index, value) in values.enumerated() {
            do { rows.append(try StepMetrics(json: value)) } catch {
                throw .badRow(path: path, row: index + 1, problem: error)
            }
        }
        return rows
    }
}
