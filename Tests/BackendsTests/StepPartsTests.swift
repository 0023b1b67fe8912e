import Primitives
import Testing

@testable import Backends

/// A step in parts: gradients first, one optimizer step then.
@Suite struct StepPartsTests {
    private static let adam = AdamParameters(learningRate: 0.001)
    private static let batch = [Datum.example(count: 4), .example(count: 6), .example(count: 5)]

    private static func part(_ trainer: TinkerTrainer, _ range: Range<Int>, of total: Int = 3) async -> BackendError? {
        await backendError { () async throws(BackendError) in
            try await trainer.forwardBackward(Array(batch[range]), loss: .importanceSampling, ofTotal: total)
        }
    }

    private static func step(_ trainer: TinkerTrainer) async -> BackendError? {
        await backendError { () async throws(BackendError) in try await trainer.optimizerStep(adam) }
    }

    @Test func partsAndTheirStepShareTheModelsOrder() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let first = try await trainer.forwardBackward(Array(Self.batch[..<2]), loss: .importanceSampling, ofTotal: 3)
        let empty = try await trainer.forwardBackward([], loss: .importanceSampling, ofTotal: 3)
        let second = try await trainer.forwardBackward(Array(Self.batch[2...]), loss: .importanceSampling, ofTotal: 3)
        let step = try await trainer.optimizerStep(Self.adam)
        #expect(first.logprobs.map(\.count) == [4, 6] && second.logprobs.map(\.count) == [5])
        #expect(first.loss == 10 && second.loss == 5 && empty == GradientPass(logprobs: [], loss: nil))
        #expect(step.gradientNorm == 2.5)
        #expect(backend.bodies("forward_backward").map { $0["seq_id"] } == [1, 2])
        #expect(backend.bodies("optim_step").map { $0["seq_id"] } == [3])
    }

    @Test func aStepWithoutAGradientIsRefusedBeforeItIsSent() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        #expect(await Self.step(trainer)?.kind == "invalidRequest")
        #expect(await Self.part(trainer, 0..<3) == nil)
        #expect(await Self.step(trainer) == nil)
        #expect(await Self.step(trainer)?.kind == "invalidRequest")
        #expect(backend.requests("optim_step").count == 1)
    }

    /// Half of a gradient must never become a step.
    @Test(arguments: [
        (#"{"detail":"no"}"#, 400, "rejected"), (#"{"detail":"no"}"#, 422, "rejected"),
    ])
    func aPartThatFailsAfterAnotherEndsTheStep(answer: String, status: Int, kind: String) async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "forward_backward" && earlier == 1 ? .json(answer, status: status) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        #expect(await Self.part(trainer, 0..<1) == nil)
        #expect(await Self.part(trainer, 1..<2)?.kind == kind)
        #expect(await Self.step(trainer)?.kind == "trainerUnusable")
        #expect(await Self.part(trainer, 2..<3)?.kind == "trainerUnusable")
        #expect(backend.requests("optim_step").isEmpty)
        // A new model has no gradient.
        try await trainer.loadState(from: "tinker://run/weights/a")
        #expect(backend.requests("create_model").count == 2)
        #expect(await Self.part(trainer, 0..<3) == nil)
        #expect(await Self.step(trainer) == nil)
    }

    /// As long as nothing waits, a request that the server has refused leaves everything as it was.
    @Test func aFirstPartThatIsRefusedUsesUpItsNumberOnly() async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "forward_backward" && earlier == 0 ? .json(#"{"detail":"no"}"#, status: 400) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        #expect(await Self.part(trainer, 0..<1)?.kind == "rejected")
        #expect(await Self.part(trainer, 0..<3) == nil)
        #expect(await Self.step(trainer) == nil)
        #expect(backend.bodies("forward_backward").map { $0["seq_id"] } == [1, 2])
        #expect(backend.bodies("optim_step").map { $0["seq_id"] } == [3])
    }

    @Test func aPartWhoseResultFailsMakesTheTrainerUnusable() async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "retrieve_future" && earlier == 1 ? .json(#"{"error":"boom","category":"server"}"#) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        #expect(await Self.part(trainer, 0..<1)?.kind == "failed")
        let error = await Self.step(trainer)
        #expect(error?.kind == "trainerUnusable" && error?.description.contains("boom") == true)
    }

    /// What may have run is not sent again where it would run twice; what the parts before it left is given up.
    @Test(arguments: ["forward_backward", "optim_step"]) func nothingIsSentTwice(lost: String) async throws {
        let backend = try TestBackend(isIdempotent: false) { _, path, earlier in
            // The first optimizer step is that of the model that is thrown away before the trainer's own.
            path == lost && earlier == 1 ? TestBackend.Fault(reply: .reset(after: "")) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer(.skyRL)
        let errors = [
            await Self.part(trainer, 0..<1), await Self.part(trainer, 1..<3), await Self.step(trainer),
        ].compactMap { $0?.kind }
        #expect(errors == (lost == "optim_step" ? ["fateUnknown"] : ["fateUnknown", "trainerUnusable"]))
        #expect(await Self.part(trainer, 0..<1)?.kind == "trainerUnusable")
        #expect(backend.executions.values.allSatisfy { $0 == 1 }, "\(backend.executions)")
        #expect(backend.requests("forward_backward").count == 2)
    }

    @Test func aStepThatHasBegunIsFinishedInACancelledTask() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let kinds = await Task {
            let first = await Self.part(trainer, 0..<1)
            withUnsafeCurrentTask { $0?.cancel() }
            let second = await Self.part(trainer, 1..<3)
            let step = await Self.step(trainer)
            let next = await Self.part(trainer, 0..<3)
            return [first, second, step, next].map { $0?.kind }
        }.value
        #expect(kinds == [nil, nil, nil, "cancelled"])
        #expect(backend.requests("forward_backward").count == 2)
    }

    /// Whether a server forgets a gradient when it loads a state is not known.
    @Test func aStateIsLoadedIntoANewModelWhereAGradientWaits() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        #expect(await Self.part(trainer, 0..<1) == nil)
        try await trainer.loadState(from: "tinker://run/weights/a")
        #expect(backend.requests("create_model").count == 2)
        #expect(await Self.step(trainer)?.kind == "invalidRequest")
        // Without a gradient the model stays.
        try await trainer.loadState(from: "tinker://run/weights/a")
        #expect(backend.requests("create_model").count == 2)
    }

    // MARK: Servers that average

    @Test func partsThatDisagreeOnTheirStepAreRefused() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        for (ranges, totals) in [
            ([0..<1, 1..<3], [3, 2]), ([0..<2, 1..<3], [3, 3]), ([0..<3], [2]),
        ] {
            let trainer = try await backend.trainer(.skyRL)
            var errors: [String?] = []
            for (range, total) in zip(ranges, totals) {
                errors.append(await Self.part(trainer, range, of: total)?.kind)
            }
            #expect(errors.last == "invalidRequest" && errors.dropLast().allSatisfy { $0 == nil }, "\(totals)")
            #expect(await Self.step(trainer) != nil)
        }
    }

    @Test func aStepOfFewerDatumsThanAnnouncedIsRefused() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer(.skyRL)
        #expect(await Self.part(trainer, 0..<2) == nil)
        let error = await Self.step(trainer)
        #expect(error?.kind == "invalidRequest" && error?.description.contains("2 datums") == true)
        #expect(await Self.step(trainer)?.kind == "trainerUnusable")
        // Sums do not depend on the number.
        let summing = try await backend.trainer(.embedded)
        #expect(await Self.part(summing, 0..<2) == nil)
        #expect(await Self.step(summing) == nil)
    }

    /// SkyRL 0.3 keeps the gradient of a model that was given up for the next one in its place.
    @Test func anotherModelsGradientIsClearedBeforeAModelIsMade() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer(.skyRL)
        func paths() -> [String] {
            backend.server.requests.map { String($0.path.split(separator: "/").last ?? "") }.filter {
                ["create_model", "optim_step", "unload_model", "load_weights"].contains($0)
            }
        }
        let cleaned = ["create_model", "optim_step", "unload_model", "create_model"]
        #expect(paths() == cleaned)
        #expect(backend.bodies("optim_step")[0]["adam_params"]?["learning_rate"] == 0)
        #expect(await Self.part(trainer, 0..<1) == nil)
        try await trainer.loadState(from: "tinker://run/weights/a")
        #expect(paths() == cleaned + ["unload_model"] + cleaned + ["load_weights"])
        #expect(backend.bodies("load_weights")[0]["model_id"] == "model_4")
        _ = try await backend.trainer(.embedded)
        #expect(backend.requests("create_model").count == 5)
    }

    /// The parts of a batch are sent exactly as they are within the whole, so that their gradients add up to its gradient.
    @Test(arguments: LossCompensationTests.losses, [BackendProfile.embedded, .tinker, .skyRL])
    func partsAreSentAsWithinTheWhole(loss: LossFunction, profile: BackendProfile) throws {
        for seed in 0..<6 {
            let (datums, logprobs) = LossCompensationTests.batch(.fractions, seed: UInt64(seed))
            let whole = try LossCompensation(datums: datums, loss: loss, profile: profile).sent(logprobs: logprobs)
            for cut in 0...datums.count {
                let parts = try [0..<cut, cut..<datums.count].filter { !$0.isEmpty }.map { range in
                    try LossCompensation(
                        datums: Array(datums[range]), loss: loss, profile: profile, total: datums.count
                    ).sent(logprobs: Array(logprobs[range]))
                }
                #expect(parts.flatMap(\.datums) == whole.datums)
                #expect(parts.allSatisfy { $0.loss == whole.loss })
            }
        }
    }
}
