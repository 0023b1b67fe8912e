/// The shortest run that the admission rule allows if nothing but episodes and training steps takes time: a simulation of
/// events.
///
/// Episodes are started in the order of step, group and sample as soon as a slot is free and their step is admitted: step *n*
/// is, once step *n* − 1 − staleness is trained. Steps are trained one after the other, each once all its episodes are there.
struct ScheduleIdeal {
    let workload: ScheduleWorkload

    func result() -> ScheduleResult {
        var now = 0.0
        var trained = 0
        /// When the step under way ends.
        var trainingEnds: Double?
        /// When the episodes in flight end, and the steps that they belong to.
        var flying: [(end: Double, step: Int)] = []
        var missing = [Int](repeating: workload.episodesPerStep, count: workload.steps + 1)
        var (step, next, durations) = (1, 0, workload.seconds(step: 1))
        var episodeSeconds = 0.0
        while trained < workload.steps {
            while flying.count < workload.slots, step <= min(workload.steps, trained + 1 + workload.staleness) {
                flying.append((now + durations[next], step))
                episodeSeconds += durations[next]
                next += 1
                if next == durations.count { (step, next, durations) = (step + 1, 0, workload.seconds(step: step + 1)) }
            }
            if trainingEnds == nil, missing[trained + 1] == 0 { trainingEnds = now + workload.trainSeconds }
            let first = flying.indices.min { flying[$0].end < flying[$1].end }
            if let end = trainingEnds, first.map({ end <= flying[$0].end }) ?? true {
                (now, trainingEnds, trained) = (end, nil, trained + 1)
            } else if let first {
                now = flying[first].end
                missing[flying.remove(at: first).step] -= 1
            }
        }
        return ScheduleResult(
            seconds: now, trainingSeconds: Double(workload.steps) * workload.trainSeconds,
            episodeSeconds: episodeSeconds)
    }
}
