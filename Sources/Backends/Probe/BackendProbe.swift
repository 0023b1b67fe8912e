import Foundation
import Primitives
import TinkerProtocol
import Transport

/// Measures how a server behaves where servers of the Tinker API differ.
///
/// Gradients are measured by the norm that an optimizer step with learning rate 0 reports, so that nothing is trained. Where
/// a server reports no norm, and for gradient clipping, which such norms do not show, the throw-away model takes tiny steps:
/// without momentum (both betas 0) and with an epsilon far above every gradient, AdamW moves by `rate · gradient / epsilon`, so
/// that the change of a sequence's logprob is proportional to the gradient.
///
/// About 25 training requests of at most four datums of seven tokens, and eight sampling requests.
public final class BackendProbe {
    let model: ProbeModel
    var record: ProfileRecord
    /// The learning rate of tiny steps, where gradient norms are not reported.
    var tinyRate: Double?
    /// The size of the gradient of ``ProbeData/supervised(weight:)`` alone.
    var unit = 0.0
    /// The trainer's logprobs of ``ProbeData/tokens``.
    var logprobs: [Float] = []
    /// Losses that are not computed, each with the reason.
    var missingLosses: [String] = []

    /// AdamW's epsilon in tiny steps; far above every element of a gradient.
    static let tinyEpsilon = 100.0

    private init(model: ProbeModel, assuming profile: BackendProfile) {
        self.model = model
        record = ProfileRecord(assuming: profile, source: "not measured; the value of `\(profile.name)`")
    }

    /// Measures a server on throw-away models, which are unloaded at the end.
    /// - Parameters:
    ///   - endpoint: its profile gives the values of what cannot be measured.
    ///   - loraRank: the rank of the models, or `nil` to train all parameters; the one of the run to come.
    public static func run(
        _ endpoint: TinkerEndpoint, transport: HTTPClient, baseModel: String, loraRank: Int?,
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(BackendError) -> ProfileRecord {
        var raw = endpoint
        // A probe sends what it means to send, and never twice.
        raw.profile.isIdempotent = false
        // Its seeds are small, and neighbours must stay apart.
        raw.profile.seedWidth = .bits63
        let probe = BackendProbe(
            model: ProbeModel(
                endpoint: raw, transport: transport, baseModel: baseModel, loraRank: loraRank, notice: notice),
            assuming: endpoint.profile)
        do throws(BackendError) {
            try await probe.measure(loraRank: loraRank)
        } catch {
            await probe.model.discard()
            throw error
        }
        await probe.model.discard()
        return probe.record
    }

    private func measure(loraRank: Int?) async throws(BackendError) {
        let trainer = try await model.trainer()
        noteLimits(trainer, loraRank: loraRank)
        try await measureUnit()
        try await measureLosses()
        try await measureReduction()
        try await measureClipNorm()
        try await measureSampling()
        try await measureVersions()
        try await measureRepetition()
        try await measureErrors()
    }

    private func noteLimits(_ trainer: TinkerTrainer, loraRank: Int?) {
        let limits = trainer.session.wire.settings.chunkLimits
        let dialect = trainer.session.dialect
        record.note(.dialect, .measured("the connection speaks it")) { $0.dialect = dialect }
        record.note(.chunkDatums, .stated("client/config")) { $0.chunkDatums = limits.datums }
        record.note(.chunkBytes, .stated("client/config")) { $0.chunkBytes = limits.bytes }
        if let loraRank {
            record.note(.adapters, .measured("a model of rank \(loraRank) was made")) { $0.trainsAdapters = true }
        } else {
            record.note(.allParameters, .measured("a model without adapters was made")) {
                $0.trainsAllParameters = true
            }
        }
    }

    // MARK: Gradients

    /// The size of the gradient that batches leave behind, in a unit that is the same for all.
    /// - Throws: the refusal, or what ends the probe.
    func size(
        _ batches: [[Datum]], _ loss: LossFunction, sendsWeights: Bool, of trainer: TinkerTrainer
    ) async throws(BackendError) -> Double {
        if let tinyRate {
            return try await displacement(batches, loss, sendsWeights: sendsWeights, rate: tinyRate, of: trainer)
        }
        let step = try await trainer.uncompensatedStep(
            batches, loss: loss, sendsWeights: sendsWeights, optimizer: AdamParameters(learningRate: 0))
        guard let norm = step.gradientNorm, norm.isFinite else {
            throw .unsupported(detail: "its optimizer steps report no gradient norm")
        }
        return norm
    }

    /// The change of the logprob of ``ProbeData/tokens`` by a tiny step along a gradient.
    func displacement(
        _ batches: [[Datum]], _ loss: LossFunction, sendsWeights: Bool, rate: Double, clip: Double = 0,
        of trainer: TinkerTrainer
    ) async throws(BackendError) -> Double {
        func total() async throws(BackendError) -> Double {
            try await trainer.forward([ProbeData.supervised()])[0].reduce(0) { $0 + Double($1) }
        }
        let before = try await total()
        _ = try await trainer.uncompensatedStep(
            batches, loss: loss, sendsWeights: sendsWeights,
            optimizer: AdamParameters(
                learningRate: rate, beta1: 0, beta2: 0, epsilon: Self.tinyEpsilon, weightDecay: 0,
                gradientClipNorm: clip))
        return try await total() - before
    }

    private func measureUnit() async throws(BackendError) {
        let batch = [[ProbeData.supervised()]]
        let trainer = try await model.trainer()
        logprobs = try await trainer.forward(batch[0])[0]
        let step = try await trainer.uncompensatedStep(
            batch, loss: .crossEntropy, sendsWeights: true, optimizer: AdamParameters(learningRate: 0))
        if let norm = step.gradientNorm, norm.isFinite, norm > 0 {
            record.note(.gradientNorm, .measured("\(Self.short(norm)) for one datum")) { $0.reportsGradientNorm = true }
            unit = norm
            return
        }
        record.note(.gradientNorm, .measured("optimizer steps report none")) { $0.reportsGradientNorm = false }
        tinyRate = try await calibratedRate()
        unit = try await size(batch, .crossEntropy, sendsWeights: true, of: model.trainer())
    }

    /// A rate at which one step changes the logprob of the datum by about 0.02.
    private func calibratedRate() async throws(BackendError) -> Double {
        for exponent in -4...3 {
            let rate = pow(10, Double(exponent))
            let change = try await displacement(
                [[ProbeData.supervised()]], .crossEntropy, sendsWeights: true, rate: rate, of: model.trainer())
            guard abs(change) >= 0.002 else { continue }
            await model.discard()
            return rate * 0.02 / abs(change)
        }
        throw .unsupported(
            detail:
                "training steps neither report a gradient norm nor change the model, so that nothing can be measured")
    }

    // MARK: Reduction

    private func measureReduction() async throws(BackendError) {
        let one = ProbeData.supervised()
        func ratio(_ batches: [[Datum]]) async throws(BackendError) -> Double {
            try await size(batches, .crossEntropy, sendsWeights: true, of: model.trainer()) / unit
        }
        var evidence = ReductionEvidence(
            fourDatums: try await ratio([[one, one, one, one]]),
            tenfoldWeights: try await ratio([[ProbeData.supervised(weight: 10)]]),
            twoRequests: try await ratio([[one], [one]]), longWithShort: nil)
        if tinyRate != nil { evidence.tolerance = 0.25 }
        if record.profile.policyWeights == .honoured, record.profile.losses.contains("importance_sampling") {
            let spike = ProbeData.mask(last: 1)
            let long = ProbeData.policy(logprobs: logprobs, advantages: spike)
            let short = ProbeData.policy(logprobs: logprobs, weights: spike, advantages: spike)
            let trainer = try await model.trainer()
            let alone = try await size([[long]], .importanceSampling, sendsWeights: true, of: trainer)
            let both = try await size([[long, short]], .importanceSampling, sendsWeights: true, of: trainer)
            evidence.longWithShort = both / alone
        }
        let reduction = evidence.reduction
        if reduction == .unknown, tinyRate != nil {
            return record.note(.lossReduction, .assumed("the tiny steps gave no clear answer: \(evidence.text)"))
        }
        record.note(.lossReduction, .measured(evidence.text)) { $0.lossReduction = reduction }
    }

    // MARK: Clipping by norm

    private func measureClipNorm() async throws(BackendError) {
        let batch = [[ProbeData.supervised()]]
        let rate = tinyRate.map { $0 * 10 } ?? 0.2 * Self.tinyEpsilon / (unit * unit)
        let outcome = try await model.attempt { trainer throws(BackendError) -> (Double, Double) in
            let free = try await self.displacement(batch, .crossEntropy, sendsWeights: true, rate: rate, of: trainer)
            let clip = self.tinyRate == nil ? self.unit * 1e-4 : 1e-6
            let clipped = try await self.displacement(
                batch, .crossEntropy, sendsWeights: true, rate: rate, clip: clip, of: trainer)
            return (free, clipped)
        }
        await model.discard()
        switch outcome {
        case .success((let free, let clipped)) where abs(free) > 1e-3:
            let honoured = abs(clipped) < 0.1 * abs(free)
            record.note(
                .gradientClip,
                .measured("a tiny clip norm turned a step of \(Self.short(free)) into one of \(Self.short(clipped))")
            ) { $0.honoursGradientClip = honoured }
        case .success:
            record.note(.gradientClip, .assumed("tiny steps do not move the model visibly"))
        case .failure(let error):
            record.note(.gradientClip, .assumed("the measurement was refused: \(error)"))
        }
    }

    // MARK: Words

    /// Three significant digits.
    static func short(_ number: Double) -> String { String(format: "%.3g", number) }
}
