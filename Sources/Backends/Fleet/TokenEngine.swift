import Primitives

/// A request for continuations of one prompt.
struct SampleOrder: Sendable {
    var prompt: [TokenID]
    var count: Int
    var parameters: SamplingParameters
}

/// One replica of an inference engine, spoken to in token ids.
///
/// Sampling changes nothing on an engine and its result depends on weights, prompt and seed, so that it may be repeated, here
/// or on another replica.
protocol TokenEngine: Sendable {
    var url: String { get }

    /// What the server says it is, once ``prepare()`` has asked it.
    var about: String { get }

    /// Finds out how the server wants to be spoken to. Called before all else, and again after an outage.
    func prepare() async throws(FleetError)

    func checkHealth() async throws(FleetError)

    /// Makes weights available for sampling. Weights that are there already are no error. For `FleetWeights.Form.full` the
    /// caller has let the replica's sequences finish.
    func load(_ weights: FleetWeights) async throws(FleetError)

    /// Frees an adapter; one that is gone already is no error.
    func unload(_ name: String) async throws(FleetError)

    /// Which of these weights the replica holds.
    func held(among names: [String]) async throws(FleetError) -> Set<String>

    /// Draws continuations; sample *i* from the stream `seed + i`. Cancelling the task stops them on the engine.
    func sample(_ order: SampleOrder, from name: String) async throws(FleetError) -> [SampledSequence]
}
