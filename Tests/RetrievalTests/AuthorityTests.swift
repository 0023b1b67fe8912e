import Foundation
import Primitives
import Testing

@testable import Retrieval

@Suite struct AuthorityTests {
    private func authority(_ attributes: JSONObject, on date: String? = "2025-01-01") -> Authority {
        AuthorityModel.standard.authority(
            of: SourceProfile(attributes), on: date.flatMap { PublicationDate($0) })
    }

    @Test func theFormulaHolds() {
        let old = authority([
            "publisher_class": "guideline_body", "evidence_level": "1a", "published": "2020-01-01",
        ])
        // Five years are one half-life, to a day.
        #expect(abs(old.score - (0.4 + 0.4 + 0.2 * 0.5)) < 1e-4)
        #expect(abs(authority([:]).score - (0.4 * 0.4 + 0.4 * 0.4 + 0.2 * 0.5)) < 1e-12)
        #expect(authority(["doc_type": "rct"]).design == 0.85)
        #expect(authority(["doc_type": "rct", "evidence_level": "2b"]).design == 0.65)
        #expect(authority(["published": "2010", "updated": "2025-01-01"]).recency == 1)
        #expect(authority(["published": "2030"]).recency == 1)
        #expect(authority(["published": "2010"], on: nil).recency == 0.5)
    }

    @Test func statusScalesEverything() {
        let best: JSONObject = ["publisher_class": "regulator", "evidence_level": "1a", "published": "2025-01-01"]
        for (status, factor) in [("current", 1.0), ("superseded", 0.3), ("retracted", 0), ("withdrawn", 0)] {
            var attributes = best
            attributes["status"] = .string(status)
            #expect(abs(authority(attributes).score - factor) < 1e-12)
        }
    }

    @Test func betterEvidenceNeverWeighsLess() {
        let scores = SourceProfile.EvidenceLevel.allCases.map {
            authority(["evidence_level": .string($0.rawValue)]).score
        }
        #expect(scores == scores.sorted(by: >) && Set(scores).count == scores.count)
    }

    @Test func aTableSurvivesItsFile() throws {
        #expect(try AuthorityModel(json: AuthorityModel.standard.json, name: "t") == .standard)
        let own = try AuthorityModel(
            json: ["version": "ours/2", "weights": ["recency": 0.5], "publisher_class": ["web": 0.9]], name: "t")
        #expect(own.version == "ours/2" && own.recencyWeight == 0.5 && own.publisherClasses[.web] == 0.9)
        #expect(own.publisherClasses[.journal] == AuthorityModel.standard.publisherClasses[.journal])
    }

    @Test(
        arguments: [
            ([:], "version"), (["version": "a", "weight": 1], "“weight”"),
            (["version": "a", "status": ["old": 1]], "one of current, superseded"),
            (["version": "a", "weights": ["recency": 2]], "from 0 to 1"),
            (["version": "a", "recency_half_life_years": 0], "above 0"),
        ] as [(JSONValue, String)])
    func aBrokenTableIsRefused(_ json: JSONValue, _ expected: String) {
        let error = #expect(throws: RetrievalError.self) { try AuthorityModel(json: json, name: "table.json") }
        #expect(error?.description.contains("table.json") == true)
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    static let orders: [(lambda: Double, scores: [Double], authorities: [Double], expected: [Int])] = [
        (1, [3, 2, 1], [0, 0, 1], [0, 1, 2]),
        (0, [3, 2, 1], [0.1, 0.5, 0.9], [2, 1, 0]),
        (0.8, [3, 2.9, 1], [0, 1, 1], [1, 0, 2]),
        // All equally relevant: authority alone decides, and then the order of the candidates.
        (0.8, [2, 2, 2], [0.2, 0.5, 0.5], [1, 2, 0]),
        (0.8, [2], [0.2], [0]), (0.8, [], [], []),
        // Behind the pool of three nothing moves.
        (0, [5, 4, 3, 2, 1], [0, 0, 1, 1, 1], [2, 0, 1, 3, 4]),
    ]

    @Test(arguments: orders.indices) func relevanceAndAuthorityAreWeighed(_ index: Int) {
        let (lambda, scores, authorities, expected) = Self.orders[index]
        let places = AuthorityRanking(lambda: lambda, poolSize: 3).order(scores: scores, authorities: authorities)
        #expect(places.map(\.candidate) == expected)
        #expect(places.allSatisfy { ($0.score == nil) == ($0.candidate >= 3) })
    }

    @Test func datesAreOrderedAndCounted() throws {
        let dates = ["2019", "2020-02", "2020-02-29", "2020-03-01", "2020", "2021-01-01"].compactMap {
            PublicationDate($0)
        }
        #expect(dates.count == 6 && dates == dates.sorted())
        #expect(dates.map(\.description)[1] == "2020-02")
        let (first, last) = (
            try #require(PublicationDate("2000-01-01")), try #require(PublicationDate("2004-01-01T10:00Z"))
        )
        #expect(abs(last.years(since: first) - 4) < 1e-9)
        for text in ["", "20", "2020-13", "2021-02-29", "2020-1-1-1", "May 2020", "2020/01", "-020"] {
            #expect(PublicationDate(text) == nil, "\(text)")
        }
    }

    private func document(_ id: String, _ attributes: JSONObject) -> RetrievalDocument {
        RetrievalDocument(id: id, text: "", attributes: attributes)
    }

    @Test func sourcesThatDifferAreShownSideBySide() {
        let conflicts = SourceConflict.find(in: [
            document("a", ["focus": "Gout", "qtype": "treatment", "recommendation_strength": "strong_for"]),
            document("b", ["focus": "Asthma"]), document("c", ["focus": "asthma", "status": "retracted"]),
            document("d", ["focus": "gout", "qtype": "treatment", "recommendation_strength": "conditional_against"]),
            document("e", ["focus": "gout", "qtype": "causes", "recommendation_strength": "strong_against"]),
        ])
        #expect(conflicts.map(\.topic) == ["Gout, treatment", "Asthma"])
        #expect(conflicts[0].members.map(\.id) == ["a", "d"])
        #expect(conflicts[0].members[1].labels == ["recommends against it under conditions"])
        #expect(conflicts[1].members.map(\.labels) == [["current"], ["retracted"]])
    }

    @Test func sourcesThatAgreeOrSayNothingAreNoConflict() {
        let none: [[JSONObject]] = [
            [["focus": "gout", "published": "2020-01"], ["focus": "gout", "published": "2020-06"]],
            [["focus": "gout"], ["focus": "gout", "published": "2020"]],
            [["published": "2000"], ["published": "2020"]],
            [["focus": "gout", "status": "retracted"]], [],
        ]
        for attributes in none { #expect(SourceConflict.find(in: attributes.map { document("x", $0) }).isEmpty) }
    }
}
