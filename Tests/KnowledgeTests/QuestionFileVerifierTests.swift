import Knowledge
import Primitives
import Testing

@Suite struct QuestionFileVerifierTests {
    @Test func countsEveryKindOfRow() throws {
        let graph = try SmallGraph.graph()
        let verifier = try QuestionFileVerifier(graph: graph)
        let chain = try graph.certify(CertificateTests.threeHops).get().json
        let other = try graph.certify(ChainQuery(anchor: 5, steps: [CertificateTests.located.reversed])).get().json
        var forged = try #require(chain.objectValue)
        forged["answer"] = "l:2"
        let reference: JSONValue = [
            "id": "q1", "anchor": "Xanomab", "anchor_type": "drug", "relation_path": ["treats", "caused_by"],
            "answer": "GEN1", "answer_type": "gene", "candidates_per_step_full_kg": [1, 1],
            "shortest_path_full_kg": 2, "answer_set_size_entailed": 1,
        ]
        var changed = try #require(reference.objectValue)
        changed["candidates_per_step_full_kg"] = [1, 3]
        let rows: [JSONValue] = [
            chain, other, ["question_id": "q2", "certificate": chain], .object(forged), reference, .object(changed),
            ["id": "q3"],
        ]
        var summary = QuestionFileVerifier.Summary()
        for (number, row) in rows.enumerated() {
            summary.add(
                verifier.outcome(of: row, line: number + 1), id: QuestionFileVerifier.id(of: row, line: number + 1))
        }
        #expect(summary.certificates == 4 && summary.refuted == 1 && summary.unreadable == 1)
        #expect(summary.references == 2 && summary.reproduced == 1 && summary.certified == 2 && !summary.isClean)
        #expect(
            summary.problems.map { String($0.prefix(34)) }
                == [
                    "line 4: answer is recorded as l:2, ", "line 6 (q1): other values of candi",
                    "line 7 (q3): field format: missing",
                ].map { String($0.prefix(34)) })
    }

    @Test func aCertificateOfAnotherGraphIsRefutedEvenIfItsEntitiesAreUnknown() throws {
        let graph = try SmallGraph.graph()
        let certificate = try graph.asserted.certify(ConjunctiveQuery(CertificateTests.threeHops)).get()
        let other = try KnowledgeGraph(
            relations: graph.relations, entities: Array(graph.entities.prefix(1)), triples: [])
        let outcome = try QuestionFileVerifier(graph: other).outcome(of: certificate.json, line: 1)
        #expect(outcome == .certificateRefuted(.otherGraph(certified: graph.digest, given: other.digest)))
    }

    /// GEN1 causes Alpha and Beta: seen from Alpha, the only other disease of its gene is Beta.
    @Test func saysWhenOnlyTheAnchorIsASecondAnswer() throws {
        let graph = try SmallGraph.graph()
        let row: JSONValue = [
            "id": "q1", "anchor": "Alpha disease", "anchor_type": "disease",
            "relation_path": ["caused_by", "^caused_by"], "answer": "Beta disease", "answer_type": "disease",
            "candidates_per_step_full_kg": [1, 1], "shortest_path_full_kg": 2, "answer_set_size_entailed": 1,
        ]
        let question = try ReferenceQuestion(json: row, line: 1, graph: graph)
        let verdict = try ReferenceAudit(graph: graph).verdict(on: question)
        #expect(verdict.isReproduced && verdict.isAnchorsDoing && verdict.entailedAnswers == 1)
        #expect(
            verdict.failure == .severalAnswers(count: 2, examples: ["Alpha disease", "Beta disease"]))
    }

    @Test(arguments: ["anchor", "relation_path", "answer", "shortest_path_full_kg", "candidates_per_step_full_kg"])
    func unreadableFieldsAreNamedWithTheirLine(_ field: String) throws {
        var row: JSONObject = [
            "id": "q1", "anchor": "Xanomab", "anchor_type": "drug", "relation_path": ["treats"],
            "answer": "Alpha disease", "answer_type": "disease", "candidates_per_step_full_kg": [1],
            "shortest_path_full_kg": 1, "answer_set_size_entailed": 1,
        ]
        row[field] = ["nothing"]
        let error = try #require(throws: KnowledgeError.self) {
            try ReferenceQuestion(json: .object(row), line: 12, graph: SmallGraph.graph())
        }
        #expect("\(error)".hasPrefix("line 12, field \(field): [\"nothing\"]"), "\(error)")
    }

    @Test func statisticsCountAssertedAndEntailedFacts() throws {
        let random = try RandomGraph(seed: 4, entities: 12, facts: 30)
        let statistics = try GraphStatistics(of: random.graph)
        #expect(statistics.entailedCount == random.closed().count)
        for (number, relation) in statistics.relations.enumerated() {
            #expect(relation.asserted == random.asserted.count { Int($0.relation) == number })
            #expect(relation.entailed == random.closed().count { Int($0.relation) == number })
        }
        #expect(statistics.types.map(\.count) == [12] && statistics.documentedCount == random.graph.triples.count)
    }
}
