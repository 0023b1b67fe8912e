import Primitives
import Testing

@testable import Backends

@Suite struct ProbeRecordTests {
    @Test(arguments: [BackendProfile.embedded, .tinker, .skyRL])
    func aRecordIsReadBackFromItsJSON(profile: BackendProfile) throws {
        var record = ProfileRecord(assuming: profile, source: "known server")
        try record.set(.adapterRank, to: 8, origin: .recipe)
        try record.set(.idempotent, to: false, origin: .measured("two promises"))
        let read = try ProfileRecord(json: try JSONValue.parse(record.json.serialized()))
        #expect(read == record)
        #expect(read.profile.maximumAdapterRank == 8)
    }

    /// Written by the first version of the format; it must stay readable.
    @Test func theFormatIsStable() throws {
        let text = """
            {"format":"medresearcher.backend/1","name":"skyrl-0.3","facts":{"loss_reduction":{"value":"mean_of_datum_means",\
            "origin":"measured","evidence":"4 equal datums 1 times"},"losses":{"value":["cross_entropy","ppo"],\
            "origin":"assumed","evidence":"known server"},"idempotent":{"value":false,"origin":"recipe",\
            "evidence":"backend.profile"}}}
            """
        let record = try ProfileRecord(json: JSONValue.parse(text))
        #expect(record.profile.lossReduction == .meanOfDatumMeans)
        #expect(record.profile.losses == ["cross_entropy", "ppo"])
        #expect(!record.profile.isIdempotent)
        #expect(record.origin(of: .lossReduction) == .measured("4 equal datums 1 times"))
        #expect(record.origin(of: .idempotent) == .recipe)
    }

    @Test func onlyFactsThatDifferAreDifferences() {
        let old = ProfileRecord(assuming: .tinker, source: "a")
        #expect(ProfileRecord(assuming: .tinker, source: "b").differences(from: old).isEmpty)
        let changed = ProfileRecord(assuming: .skyRL, source: "b").differences(from: old)
        #expect(changed.contains { $0.field == .lossReduction })
        #expect(
            changed.first { $0.field == .idempotent }?.description == "idempotent: true before, now false")
    }

    @Test(
        arguments: [
            (.lossReduction, "sum", "one of token_sum, mean_of_datum_means, unknown"),
            (.idempotent, 1, "true or false"),
            (.adapterRank, 0, "a positive whole number"), (.losses, ["reinforce"], "cross_entropy"),
        ] as [(ProfileField, JSONValue, String)])
    func aWrongValueIsRefused(field: ProfileField, value: JSONValue, says: String) {
        var record = ProfileRecord(assuming: .tinker, source: "a")
        do {
            try record.set(field, to: value, origin: .recipe)
            Issue.record("it was accepted")
        } catch {
            #expect(error.description.contains(says), "\(error)")
            #expect(error.description.contains(field.rawValue))
        }
    }

    @Test func everyFactIsInTheTableAndInTheRecord() {
        let record = ProfileRecord(assuming: .skyRL, source: "known server")
        let table = ProfileTable.text(record)
        for field in ProfileField.allCases {
            #expect(table.contains(field.rawValue))
            #expect(record.json["facts"]?[field.rawValue] != nil)
        }
    }

    @Test func adviceNamesWhatTheProfileForbids() {
        let advice = ProfileAdvice.sentences(for: .skyRL).joined(separator: " ")
        for text in ["gradient_clip_norm", "lora_rank", "dro", "rl.temperature", "checkpoints.every"] {
            #expect(advice.contains(text), "\(text)")
        }
        #expect(!ProfileAdvice.sentences(for: .embedded).joined().contains("gradient_clip_norm"))
    }
}
