/// Which policy the episodes of a step are sampled from.
///
/// Staleness is a rule of admission, not an accident: episodes of step *n* are sampled by the policy after step
/// `max(0, n − 1 − k)`, exactly, even where a newer one is there already. An overlapped run is therefore a function of its
/// recipe, like a synchronous one (`k = 0`).
struct StalenessRule: Sendable, Equatable {
    /// `k`: how many steps the sampling policy may lie behind the one that is trained.
    let maximum: Int

    /// The step whose policy samples the episodes of a step; 0 is the policy that the stage starts from.
    func samplingStep(of step: Int) -> Int { max(0, step - 1 - maximum) }

    /// The last step whose episodes may be sampled once `trained` steps are done.
    func lastAdmitted(afterStep trained: Int, of total: Int) -> Int { min(total, trained + 1 + maximum) }
}
