import Reporting
import Storage
import Training

/// The files a run leaves for people: `rewards.csv` and `reward_curve.svg`, both functions of `metrics.jsonl`.
public enum RunReport {
    public static func csvPath(_ layout: RunLayout) -> String { layout.root + "/rewards.csv" }
    public static func svgPath(_ layout: RunLayout) -> String { layout.root + "/reward_curve.svg" }

    public static func write(_ rows: [StepMetrics], run layout: RunLayout, name: String) throws(StorageError) {
        try FileStore.writeAtomically(Array(RewardCurveCSV.text(rows).utf8), to: csvPath(layout))
        let drawing = RewardCurveSVG(title: name).text(rows)
        try FileStore.writeAtomically(Array(drawing.utf8), to: svgPath(layout))
    }
}
