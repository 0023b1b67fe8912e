/// The measurements of a ``ModelWorkload`` as rows of a report.
struct ModelReport {
    var workload: ModelWorkload
    var parameters: Int
    var threads: [Int]
    var timings: [ModelTimings]
    var shapes: [KernelShape]
    /// Our seconds for each of `shapes`, on one thread.
    var products: [Double]
    var peer: ModelPeer?

    var measurements: [Measurement] {
        var rows: [Measurement] = []
        for (index, count) in threads.enumerated() {
            let suffix = ", \(count) thread\(count == 1 ? "" : "s")"
            let tokens = Double(workload.trainingTokens)
            add(&rows, "trained" + suffix, "tokens/s", index) { tokens / $0.training.wall }
            add(&rows, "trained" + suffix, "tokens/processor s", index) { tokens / $0.training.processor }
            for (position, batch) in ModelWorkload.sampledBatches.enumerated() {
                let sampled = Double(batch * workload.sampledTokens)
                add(&rows, "sampled at batch \(batch)" + suffix, "tokens/s", index) {
                    sampled / $0.sampling[position].wall
                }
            }
        }
        addMemory(&rows)
        addProducts(&rows)
        return rows
    }

    private func add(
        _ rows: inout [Measurement], _ name: String, _ unit: String, _ index: Int, value: (ModelTimings) -> Double
    ) {
        rows.append(
            Measurement(
                name: name, value: value(timings[index]), unit: unit,
                peer: peer.map { .init(name: $0.name, value: value($0.timings[index])) }))
    }

    /// 16 bytes per parameter are the weights, gradients and two moments in single precision.
    private func addMemory(_ rows: inout [Measurement]) {
        let state = 16 * Double(parameters)
        for (index, count) in threads.enumerated() {
            rows.append(
                Measurement(
                    name: "peak memory of training, \(count) thread\(count == 1 ? "" : "s")",
                    value: timings[index].trainingMemory / state, unit: "× 16 B/parameter",
                    direction: .lowerIsBetter,
                    peer: peer.map { .init(name: $0.name, value: $0.timings[index].trainingMemory / state) }))
        }
    }

    private func addProducts(_ rows: inout [Measurement]) {
        guard !shapes.isEmpty else { return }
        let ours = shapes.indices.map { shapes[$0].operations / products[$0] * 1e-9 }
        let theirs = peer.map { peer in shapes.indices.map { shapes[$0].operations / peer.kernels[$0] * 1e-9 } }
        func row(_ name: String, _ index: Int) -> Measurement {
            Measurement(
                name: name, value: ours[index], unit: "GFLOP/s",
                peer: peer.flatMap { peer in theirs.map { .init(name: peer.name, value: $0[index]) } })
        }
        for (index, shape) in shapes.enumerated() {
            rows.append(row("\(shape.name) \(shape.m)×\(shape.n)×\(shape.k), 1 thread", index))
        }
        let cubes = KernelShape.cubes.indices
        let peak = max(ours[cubes].max() ?? 0, theirs?[cubes].max() ?? 0)
        guard let one = threads.firstIndex(of: 1), peak > 0 else { return }
        add(&rows, "training's share of the best cube's GFLOP/s, per processor s", "%", one) {
            let rate = Double(workload.trainingTokens) * workload.operationsPerTrainedToken / $0.training.processor
            return 100 * rate * 1e-9 / peak
        }
    }
}
