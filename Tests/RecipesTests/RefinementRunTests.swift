import Foundation
import Primitives
import Storage
import Synchronization
import Synthesis
import Testing
import Training

@testable import Recipes

/// `synthesize` with models over HTTP: solvers, rewriter, reader and teacher at a scripted server.
struct RefinementRunTests {
    private let fixture: RefinementFixture

    init() async throws { fixture = try await RefinementFixture() }

    /// The bodies of all requests, which tell apart everything that can be asked.
    private func bodies(_ servers: ScriptedServer...) -> [String] { servers.flatMap(\.requests).map(\.text) }

    private func model(_ body: String) -> String? { (try? JSONValue.parse(body))?["model"]?.stringValue }

    @Test func modelsMakeQuestionsHarderAndSayThemAnew() async throws {
        let server = try fixture.server()
        let result = try await fixture.run(try fixture.recipe(server), into: "a")
        #expect(fixture.refined.count < fixture.given.count && !fixture.refined.isEmpty)
        let questions = try QuestionSet.read(directory: fixture.root + "/a", graph: fixture.graph).questions
        #expect(questions.map(\.id) == fixture.refined.map(\.id))
        #expect(questions.map(\.certificate) == fixture.refined.map(\.certificate))
        #expect(questions.map(\.text) == fixture.refined.map { RefinementFixture.opening + $0.text })
        #expect(result.statistics.conversations > 0)

        let report = try fixture.json("a", "refinement.json")
        let kept = report["difficulty"]?["fates"]?["kept"]?.integerValue
        #expect(kept == fixture.refined.count)
        #expect(report["difficulty"]?["moves"]?["longer"]?.integerValue ?? 0 >= fixture.refined.count)
        #expect(report["rewriting"]?["rewritten"]?.integerValue == fixture.refined.count)
        #expect(report["difficulty"]?["calibration"]?["expected_calibration_error"]?.doubleValue != nil)
        #expect(report["difficulty"]?["solvers"]?.arrayValue?.map { $0["name"]?.stringValue } == ["strong", "weak"])
        let writer = report["models"]?.arrayValue?.first { $0["role"]?.stringValue == "rewriter" }
        #expect(writer?["usage"]?["requests"]?.integerValue == fixture.refined.count)
        #expect(writer?["usage"]?["cost_usd"]?.doubleValue == Double(fixture.refined.count) * 14 / 1e6)
        let rows = try JSONLines.read(fixture.root + "/a/refinement.jsonl.zst")
        #expect(rows.count == fixture.given.count)
        #expect(rows.count { $0["difficulty"]?["fate"]?.stringValue == "kept" } == kept)

        let card = try FileStore.readText(fixture.root + "/a/README.md")
        #expect(card.contains("| kept | \(fixture.refined.count) |"))
        #expect(card.contains("writer said \(fixture.refined.count) of \(fixture.refined.count) questions"))
        #expect(card.contains("Expected calibration error"))
    }

    @Test func theConcurrencyChangesNothing() async throws {
        let server = try fixture.server()
        _ = try await fixture.run(try fixture.recipe(server, concurrency: 1), into: "narrow")
        _ = try await fixture.run(try fixture.recipe(server, concurrency: 16), into: "wide")
        #expect(try fixture.files("narrow") == fixture.files("wide"))
    }

    /// Stopped while questions are calibrated, while they are said anew, and while they are demonstrated.
    @Test func aStopLosesNothingAndAsksNothingTwice() async throws {
        let whole = try fixture.server()
        _ = try await fixture.run(try fixture.recipe(whole), into: "whole")

        let stop = Mutex<(role: String, signal: StopSignal)>(("", StopSignal()))
        // The server answers the request that it stops at, and others that are under way, once the stop was noticed.
        let server = try fixture.server { model, _ in
            let (role, signal) = stop.withLock { $0 }
            if model == role { signal.request() }
            if signal.isRequested { usleep(100_000) }
            return nil
        }
        let recipe = try fixture.recipe(server, concurrency: 2)
        for role in ["strong", "writer", "teacher"] {
            let signal = StopSignal()
            stop.withLock { $0 = (role, signal) }
            await #expect {
                _ = try await fixture.run(recipe, into: "stopped", stop: signal)
            } throws: { error in
                switch error {
                case SynthesisError.refinementInterrupted(_, let finished, let total):
                    role != "teacher" && finished < total
                case SynthesisError.interrupted: role == "teacher"
                default: false
                }
            }
        }
        stop.withLock { $0 = ("", StopSignal()) }
        _ = try await fixture.run(recipe, into: "stopped")
        #expect(try fixture.files("stopped").keys.sorted() == fixture.files("whole").keys.sorted())
        for (name, bytes) in try fixture.files("whole") {
            let other = try #require(try fixture.files("stopped")[name])
            guard name == "/refinement.json" else {
                #expect(other == bytes, "\(name)")
                continue
            }
            // It says where the models were asked.
            let moved = String(decoding: other, as: UTF8.self).replacing(server.url, with: whole.url)
            #expect(moved == String(decoding: bytes, as: UTF8.self))
        }
        let asked = bodies(server)
        #expect(Set(asked).count == asked.count)
        #expect(asked.count == bodies(whole).count)
    }

    @Test func aFinishedRefinementIsKept() async throws {
        let server = try fixture.server()
        _ = try await fixture.run(try fixture.recipe(server), into: "a")
        let count = server.requests.count
        let before = try fixture.files("a")
        _ = try await fixture.run(try fixture.recipe(server), into: "a")
        #expect(server.requests.count == count)
        #expect(try fixture.files("a") == before)
        let other = try fixture.recipe(server, overrides: ["synthesis.difficulty.maximum_pass_rate=0.9"])
        await #expect { try await fixture.run(other, into: "a") } throws: { error in
            if case SynthesisError.otherRefinement(_, "difficulty") = error { true } else { false }
        }
        #expect(server.requests.count == count)
    }

    @Test func aReaderThatDisagreesKeepsTheTemplate() async throws {
        let graph = fixture.graph
        let other = JSONValue.object([
            "all": [["step": .string(graph.name(of: graph.allSteps[0])), "of": ["name": "Vorosis"]]]
        ])
        let server = try fixture.server { model, _ in model == "reader" ? RefinementFixture.reply(other.text) : nil }
        let result = try await fixture.run(try fixture.recipe(server), into: "a")
        let questions = try QuestionSet.read(directory: fixture.root + "/a", graph: graph).questions
        #expect(questions == fixture.refined)
        let report = try fixture.json("a", "refinement.json")["rewriting"]
        #expect(report?["rewritten"]?.integerValue == 0)
        #expect(report?["failures"]?["answer_changed"]?.integerValue == fixture.refined.count)
        #expect(result.refinement?.summary.contains("answer_changed") == true)
    }

    @Test func aSpendLimitHoldsOverLaunchesAndLosesNothing() async throws {
        let server = try fixture.server()
        // A dollar a completion token: an answer takes 2, and may take 16.
        let priced = ", completion_price: 1000000, spend_limit_usd: "
        for launch in 0..<2 {
            await #expect {
                _ = try await fixture.run(try fixture.recipe(server, strong: priced + "30", concurrency: 1), into: "a")
            } throws: { error in
                guard case SynthesisError.refinementSpendLimitReached(let reason) = error else { return false }
                return reason.contains("synthesis.difficulty.solvers[0].spend_limit_usd ($30.0000)")
            }
            // 14 dollars are spent before 16 more could exceed the limit: after 8 answers, which the next launch counts.
            #expect(bodies(server).count { model($0) == "strong" } == 8, "launch \(launch)")
        }
        _ = try await fixture.run(try fixture.recipe(server, strong: priced + "1000"), into: "a")
        let asked = bodies(server)
        #expect(Set(asked).count == asked.count)
    }

    @Test(arguments: ["strong", "writer", "reader"])
    func aServerThatIsGoneEndsTheWorkAndDecidesNothing(role: String) async throws {
        let isGone = Atomic(true)
        let server = try fixture.server { model, _ in
            model == role && isGone.load(ordering: .relaxed) ? .json(#"{"error": "no such model"}"#, status: 404) : nil
        }
        await #expect { try await fixture.run(try fixture.recipe(server), into: "a") } throws: { error in
            guard case SynthesisError.model(let reason) = error else { return false }
            return reason.contains("synthesis.") && reason.contains("no such model")
        }
        #expect(!FileStore.exists(fixture.root + "/a/refinement.json"))
        isGone.store(false, ordering: .relaxed)
        _ = try await fixture.run(try fixture.recipe(server), into: "a")
        #expect(
            try fixture.json("a", "refinement.json")["rewriting"]?["rewritten"]?.integerValue == fixture.refined.count)
    }

    /// Such as one that cannot hold conversations: it decides nothing, and is asked again at the next launch.
    @Test(arguments: ["weak", "writer", "reader"])
    func aModelThatNeverAnswersEndsTheWork(role: String) async throws {
        let server = try fixture.server { model, _ in
            model == role ? .json(#"{"error": "no chat template"}"#, status: 400) : nil
        }
        await #expect { try await fixture.run(try fixture.recipe(server), into: "a") } throws: { error in
            if case SynthesisError.model(let reason) = error { reason.contains("no chat template") } else { false }
        }
        #expect(!FileStore.exists(fixture.root + "/a/refinement.json"))
    }

    @Test(arguments: [true, false])
    func aSchemaIsSentWhereTheServerCanEnforceOne(isStructured: Bool) async throws {
        let server = try fixture.server()
        let override = "synthesis.rewriting.structured_output=\(isStructured)"
        _ = try await fixture.run(try fixture.recipe(server, parts: ["rewriting"], overrides: [override]), into: "a")
        let asked = bodies(server).filter { model($0) == "writer" }
        #expect(asked.count == fixture.given.count)
        #expect(asked.allSatisfy { $0.contains("response_format") == isStructured })
    }

    /// It is told what the question's words say, so that a model's wording does not keep it from exploring.
    @Test(arguments: [0, 1])
    func theRuleBasedTeacherFollowsRefinedQuestions(guidedShare: Int) async throws {
        let teacher = "teacher: {kind: rules, guided_share: \(guidedShare), tool_failure_rate: 0}"
        let result = try await fixture.run(try fixture.recipe(try fixture.server(), teacher: teacher), into: "a")
        #expect(result.statistics.stopReasons.map(\.kind) == ["answer"])
        #expect(result.statistics.passed == fixture.refined.count)
        let rows = try ["train", "validation"].flatMap { try JSONLines.read("\(fixture.root)/a/\($0).jsonl.zst") }
        #expect(
            Set(rows.compactMap { $0["messages"]?.arrayValue?.first?["content"]?.stringValue })
                == Set(fixture.refined.map { RefinementFixture.opening + $0.text }))
    }

    @Test func withoutSolversTheScoreDecides() async throws {
        let server = try fixture.server()
        let recipe = try fixture.recipe(server, parts: [], more: "  difficulty: {maximum_pass_rate: 1}\n")
        let result = try await fixture.run(recipe, into: "a")
        #expect(result.refinement?.summary.contains("no solver was asked") == true)
        #expect(try QuestionSet.read(directory: fixture.root + "/a", graph: fixture.graph).questions == fixture.given)
        let card = try FileStore.readText(fixture.root + "/a/README.md")
        #expect(card.contains("No solver was asked") && !card.contains("Expected calibration error"))
    }

    @Test func whereNoQuestionIsLeftTheErrorSaysWhy() async throws {
        let server = try fixture.server()
        let recipe = try fixture.recipe(
            server, parts: [], more: "  difficulty: {maximum_pass_rate: 0, maximum_moves: 0}\n")
        await #expect { try await fixture.run(recipe, into: "a") } throws: {
            "\($0)".contains("\(fixture.given.count) too_easy")
        }
    }

    @Test(arguments: [
        ("  contamination: {benchmarks: [/nowhere/bench.jsonl]}\n", "/nowhere/bench.jsonl"),
        (
            "  rewriting: {rewriter: {url: http://127.0.0.1:9/v1, model: a}, reader: {url: http://127.0.0.1:9/v1, model: b, "
                + "api_key_env: MEDRESEARCHER_NO_SUCH_KEY}}\n",
            "synthesis.rewriting.reader.api_key_env names MEDRESEARCHER_NO_SUCH_KEY"
        ),
    ]) func whatIsMissingIsSaidBeforeAnythingIsPaidFor(part: String, says: String) async throws {
        let server = try fixture.server()
        let recipe = try fixture.recipe(server, parts: ["difficulty"], more: part)
        await #expect { try await fixture.run(recipe, into: "a") } throws: { "\($0)".contains(says) }
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: ["report", "drop"])
    func benchmarksAreLookedFor(hits: String) async throws {
        let server = try fixture.server()
        let rows: [JSONValue] = [
            ["question": .string(fixture.given[3].text), "answer": "anything"], ["question": "What is a fever?"],
        ]
        let bytes = JSONLines.encode(rows)
        try FileStore.writeAtomically(bytes, to: fixture.root + "/bench.jsonl")
        let recipe = try fixture.recipe(
            server, parts: [],
            more: "  contamination: {benchmarks: [\(fixture.root)/bench.jsonl], hits: \(hits)}\n")
        let result = try await fixture.run(recipe, into: "a")
        let report = try #require(result.contamination)
        let exact = report.overlaps.filter { $0.kind == .exact }
        #expect(exact.map(\.question) == [fixture.given[3].id])
        let questions = try QuestionSet.read(directory: fixture.root + "/a", graph: fixture.graph).questions
        let left = fixture.given.filter { hits == "report" || !report.contaminated.contains($0.id) }
        #expect(questions == left)
        #expect(try fixture.json("a", "contamination.json") == report.json)
        let card = try FileStore.readText(fixture.root + "/a/README.md")
        #expect(card.contains("| bench.jsonl | 2 | 1 |"))
        #expect(card.contains(hits == "drop" ? "They were left out." : "They are in the data set."))
    }
}
