import Training

/// The part of a curve that belongs to one stage.
struct CurvePanel {
    let stage: StageName
    /// In the order of their steps, at least one.
    let rows: [StepMetrics]

    /// One panel per stage that has rows, in the order of the stages.
    static func panels(of rows: [StepMetrics]) -> [CurvePanel] {
        StageName.allCases.compactMap { stage in
            let own = rows.filter { $0.stage == stage }.sorted { $0.step < $1.step }
            return own.isEmpty ? nil : CurvePanel(stage: stage, rows: own)
        }
    }

    var steps: ClosedRange<Int> { rows[0].step...rows[rows.count - 1].step }

    /// Steps that were trained; a row 0 speaks of the policy before them.
    var trainedSteps: Int { rows.count { $0.step > 0 } }

    /// The steps at which a metric has a value.
    func points(_ name: String) -> [(step: Int, value: Double)] {
        rows.compactMap { row in row[name].map { (row.step, $0) } }
    }

    /// How much room the panel gets beside others: the reinforcement stage is what a curve is looked at for.
    var weight: Double {
        switch stage {
        case .pretraining, .supervised: 1
        case .reinforcement: 2
        }
    }

    /// The name of a stage for readers.
    static func title(_ stage: StageName) -> String {
        switch stage {
        case .pretraining: "Base"
        case .supervised: "SFT"
        case .reinforcement: "GRPO"
        }
    }
}
