import Primitives
import Testing

@testable import Backends

/// The probe against servers of which every fact is known.
@Suite struct ProbeTests {
    struct Truth: Sendable, CustomTestStringConvertible {
        var name: String
        var profile: BackendProfile
        var testDescription: String { name }

        init(_ name: String, _ base: BackendProfile = .tinker, _ change: (inout BackendProfile) -> Void = { _ in }) {
            self.name = name
            profile = base
            change(&profile)
        }
    }

    static let truths = [
        Truth("as documented"), Truth("SkyRL 0.3", .skyRL), Truth("the embedded server", .embedded),
        Truth("ignored weights") { $0.policyWeights = .ignored },
        Truth("ignored weights in means", .skyRL) { $0.policyWeights = .ignored },
        Truth("few losses") { $0.losses = ["cross_entropy", "importance_sampling"] },
        Truth("clips as distances") { $0.clipConvention = .other },
        Truth("processed logprobs") { $0.logprobSpace = .processed },
        Truth("no prompt logprobs") { $0.promptLogprobs = .unavailable },
        Truth("seeds ignored") { $0.seedConvention = .ignored },
        Truth("equal samples") { $0.seedConvention = .sameForAll },
        Truth("streams apart") { $0.seedConvention = .perRequest },
        Truth("422") { $0.errorStyle = .status422 }, Truth("404") { $0.errorStyle = .status404 },
        Truth("no gradient norm") { $0.reportsGradientNorm = false },
        Truth("no gradient norm, means", .skyRL) { $0.reportsGradientNorm = false },
        Truth("small chunks") { $0.chunkDatums = 7 },
    ]

    /// Facts that no request shows, or none that is safe to send: a seed that is too wide may take a server down.
    private static let invisible: Set<ProfileField> = [
        .dialect, .defaultClips, .seedWidth, .allParameters, .adapters, .adapterRank, .adapterSlots, .samplerVersions,
        .longPollSeconds,
    ]

    @Test(arguments: truths) func everyFactIsFound(truth: Truth) async throws {
        let backend = try AnalyticBackend(truth.profile)
        defer { backend.stop() }
        // What is assumed beforehand is wrong in as many facts as possible.
        let record = try await backend.probe(assuming: truth.profile.lossReduction == .tokenSum ? .skyRL : .tinker)
        for field in ProfileField.allCases where !Self.invisible.contains(field) {
            #expect(record.profile[field] == truth.profile[field], "\(field): \(record.origin(of: field))")
            // Without a loss that clips there is no clipping to be seen.
            let isHidden = field == .clipConvention && truth.profile.losses.isDisjoint(with: ["ppo", "cispo"])
            #expect(record.origin(of: field).kind != "assumed" || isHidden, "\(field)")
        }
        #expect(backend.livingModels == 0, "every model that was made is unloaded")
        #expect(backend.trainingRequests < 40)
    }

    @Test func aReductionThatIsNeitherIsSaidToBeUnknown() {
        let count = Double(ProbeData.count)
        func reduction(_ four: Double, _ tenfold: Double, _ two: Double, _ mixed: Double?)
            -> BackendProfile.LossReduction
        {
            ReductionEvidence(fourDatums: four, tenfoldWeights: tenfold, twoRequests: two, longWithShort: mixed)
                .reduction
        }
        #expect(reduction(4, 10, 2, 2) == .tokenSum)
        #expect(reduction(1, 1, 1, (1 + count) / 2) == .meanOfDatumMeans)
        #expect(reduction(1, 1, 1, 2 * count / (count + 1)) == .unknown, "a mean over the batch's tokens")
        #expect(reduction(1, 10, 1, nil) == .unknown, "a mean over datums of sums")
        #expect(reduction(1, 1, 2, nil) == .unknown, "a mean for each request")
    }

    @Test func whatEndsTheProbeIsThrown() async throws {
        let port = try ScriptedServer.unusedPort()
        var policy = TestBackend.policy
        policy.connectBudget = .zero
        let endpoint = TinkerEndpoint(
            baseURL: "http://127.0.0.1:\(port)", apiKey: nil, profile: .tinker, retryPolicy: policy)
        let error = await backendError { () async throws(BackendError) in
            try await BackendProbe.run(endpoint, transport: .init(), baseModel: "base", loraRank: nil)
        }
        #expect(error?.kind == "unreachable")
    }
}
