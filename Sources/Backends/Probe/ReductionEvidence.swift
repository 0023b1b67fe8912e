/// How the size of a gradient answers to changes of a batch, each as a ratio to the batch of one datum.
struct ReductionEvidence: Sendable, Equatable {
    /// The same datum four times.
    var fourDatums: Double
    /// Its weights times ten.
    var tenfoldWeights: Double
    /// The datum in two requests before one optimizer step.
    var twoRequests: Double
    /// Two datums with one and the same gradient at one position, of which the first counts ``ProbeData/count`` positions and
    /// the second one only, against the first alone; `nil` where the server does not look at the weights of policy losses.
    var longWithShort: Double?
    /// How far a ratio may lie from the expected one, relative to it.
    var tolerance = 0.03

    /// The reduction that explains all of it.
    var reduction: BackendProfile.LossReduction {
        let count = Double(ProbeData.count)
        if fits(four: 4, tenfold: 10, two: 2, mixed: 2) { return .tokenSum }
        if fits(four: 1, tenfold: 1, two: 1, mixed: (1 + count) / 2) { return .meanOfDatumMeans }
        return .unknown
    }

    private func fits(four: Double, tenfold: Double, two: Double, mixed: Double) -> Bool {
        [(fourDatums, four), (tenfoldWeights, tenfold), (twoRequests, two), (longWithShort ?? mixed, mixed)]
            .allSatisfy { abs($0 - $1) <= tolerance * $1 }
    }

    /// For people.
    var text: String {
        "4 equal datums \(BackendProbe.short(fourDatums)) times, weights × 10 \(BackendProbe.short(tenfoldWeights)) times, "
            + "2 requests \(BackendProbe.short(twoRequests)) times"
            + (longWithShort.map { ", a long and a short datum \(BackendProbe.short($0)) times" } ?? "")
            + " the gradient of one"
    }
}
