import Primitives
import Testing

@testable import Rewards

@Suite struct RecordReaderTests {
    private static let policy: JSONObject = ["fields": ["dose": "number", "drug": "text", "days": "integer"]]

    @Test(arguments: [
        "drug: aspirin; dose: 5.0", "Dose = 5; Drug = Aspirin", "dose: 5\ndrug: aspirin",
        "{\"drug\": \"aspirin\", \"dose\": 5e0}", "{'dose': '5', 'drug': 'aspirin'}", "drug: aspirin, dose: 5",
        "- **Drug:** aspirin\n- **Dose:** 5", "{drug: aspirin, dose: 5}",
    ])
    func `records are equal in any notation and order`(text: String) throws {
        #expect(try CollectionProbe(.record, Self.policy).isEqual("dose: 5; drug: aspirin", text))
    }

    @Test(arguments: [
        "drug: aspirin", "drug: aspirin; dose: 6", "drug: ibuprofen; dose: 5", "drug: aspirin; dose: 5; days: 3",
    ])
    func `a missing, an extra or another value differs`(text: String) throws {
        #expect(try !CollectionProbe(.record, Self.policy).isEqual("dose: 5; drug: aspirin", text))
    }

    @Test(arguments: [
        "", "aspirin", "{}", "dose: x; drug: aspirin", "dose: 5; dose: 6", "dose:; drug: a", "dose: 5; unit: mg",
        "dose: 5 or 6", ": 5",
    ])
    func `what is no record of the policy is refused`(text: String) throws {
        let probe = try CollectionProbe(.record, Self.policy)
        #expect(throws: AnswerProblem.self) { try probe.value(text) }
    }

    @Test func `extra keys are ignored by policy only`() throws {
        var policy = Self.policy
        policy["extra_keys"] = "ignore"
        #expect(try CollectionProbe(.record, policy).isEqual("dose: 5", "dose: 5; note: see below"))
        #expect(throws: RewardError.self) { try CollectionProbe(.record, ["extra_keys": "ignore"]) }
    }

    @Test func `a value may hold commas`() throws {
        let probe = try CollectionProbe(.record)
        #expect(try probe.isEqual("route: oral; dose: 1000", "dose: 1,000, route: oral"))
        #expect(try probe.value("place: Bonn, Germany, year: 1990").text == "{place: \"bonn, germany\", year: 1990}")
    }
}
