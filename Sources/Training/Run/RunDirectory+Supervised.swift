import Primitives
import Storage

/// What the supervised stages keep besides.
extension RunDirectory {
    /// The rows of a stage that are recorded so far, oldest first.
    func recordedRows(of stage: StageName) throws(TrainingError) -> [StepMetrics] {
        guard FileStore.exists(layout.metrics) else { return [] }
        let values = try storing { () throws(StorageError) in try JSONLines.read(layout.metrics) }
        var rows: [StepMetrics] = []
        for (index, value) in values.enumerated() {
            do throws(JSONError) {
                let row = try StepMetrics(json: value)
                if row.stage == stage { rows.append(row) }
            } catch {
                throw .unreadable(path: layout.metrics, problem: "line \(index + 1): \(error)")
            }
        }
        return rows
    }

    func writeSamples(_ rows: [JSONValue], stage: StageName, step: Int) throws(TrainingError) {
        try write(JSONLines.encode(rows), to: layout.samples(stage: stage, step: step))
    }
}
