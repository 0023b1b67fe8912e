import Reporting
import Storage
import Training

/// The files a run leaves for people: `rewards.csv` and `reward_curve.svg`, both functions of `metrics.jsonl`.
public enum RunReport {
    public static func csvPath(_ layout: RunLayout) -> String { layout.root + "/rewards.csv" }
    public static func svgPath(_ layout: RunLayout) -> String { layout.root + "/reward_curve.svg" }

    /// The model that a finished run on the embedded backend leaves, with its tokenizer.
    public static func modelPath(_ layout: RunLayout) -> String { layout.root + "/model" }

    public static func write(_ rows: [StepMetrics], run layout: RunLayout, name: String) throws(StorageError) {
        try FileStore.writeAtomically(Array(RewardCurveCSV.text(rows).utf8), to: csvPath(layout))
        let drawing = RewardCurveSVG(title: name).text(rows)
        try FileStore.writeAtomically(Array(drawing.utf8), to: svgPath(layout))
    }
}
