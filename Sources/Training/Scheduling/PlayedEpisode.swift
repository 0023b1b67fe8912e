import Evaluation
import Primitives

/// One finished episode with its place, as it lies in the write-ahead log.
struct PlayedEpisode: Sendable {
    /// The step that it was sampled for.
    let step: Int
    /// Its group's place among the candidates of that step.
    let place: Int
    let sample: Int
    /// The first step that may train it: `step`, or a later one where it was carried to later policies.
    let trainedStep: Int
    let scored: ScoredEpisode

    init(step: Int, place: Int, sample: Int, trainedStep: Int? = nil, scored: ScoredEpisode) {
        self.step = step
        self.place = place
        self.sample = sample
        self.trainedStep = trainedStep ?? step
        self.scored = scored
    }

    var json: JSONValue {
        var object: JSONObject = ["step": .integer(step), "group": .integer(place), "sample": .integer(sample)]
        if trainedStep != step { object["trained_step"] = .integer(trainedStep) }
        for (key, value) in scored.json.objectValue?.members ?? [] { object[key] = value }
        return .object(object)
    }

    init(json: JSONValue) throws(JSONError) {
        let step = try json.integer(at: "step")
        self.init(
            step: step, place: try json.integer(at: "group"), sample: try json.integer(at: "sample"),
            trainedStep: json["trained_step"] == nil ? step : try json.integer(at: "trained_step"),
            scored: try ScoredEpisode(json: json))
    }
}
