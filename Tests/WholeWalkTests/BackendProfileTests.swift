import Foundation
import Primitives
import Testing

/// The profile of a server as a user meets it: in `doctor`, in `lock.json`, and in what a recipe is refused for.
@Suite(.serialized)
struct BackendProfileTests {
    @Test func aRunLocksWhatWasMeasuredAndRefusesAnotherBackend() throws {
        let served = try ServedWalk()
        let running = try served.start()
        while running.isRunning && !served.walk.exists("manifests/000001.sft.json") {
            Thread.sleep(forTimeInterval: 0.005)
        }
        running.send(SIGINT)
        #expect(running.wait().code == 130)

        let path = served.walk.directory + "/Runs/walk/lock.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let facts = try #require(try JSONValue.parse(text)["backend"]?["facts"])
        #expect(facts["loss_reduction"]?["value"] == "token_sum")
        #expect(facts["loss_reduction"]?["origin"] == "measured")
        #expect(facts["idempotent"]?["value"] == true)
        #expect(facts["policy_weights"]?["value"] == "honoured")

        try text.replacing("\"token_sum\"", with: "\"mean_of_datum_means\"")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let refused = try served.resume()
        #expect(refused.code == 3)
        for says in ["loss_reduction", "mean_of_datum_means", "token_sum", "start a new run"] {
            #expect(refused.errors.contains(says), "\(refused.errors)")
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let resumed = try served.resume()
        #expect(resumed.code == 0, "\(resumed.errors)")
    }

    @Test func doctorMeasuresAServerWithoutARecipe() throws {
        let served = try ServedWalk()
        let outcome = try served.run([
            "doctor", "--backend", "http://127.0.0.1:\(served.port)", "--api-key-env", "WALK_KEY",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        for says in ["loss_reduction", "token_sum", "measured", "assumed", "Keep rl.temperature at 1"] {
            #expect(outcome.output.contains(says), "\(outcome.output)")
        }
        let json = try served.run([
            "doctor", "--backend", "http://127.0.0.1:\(served.port)", "--api-key-env", "WALK_KEY", "--base-model",
            "base",
            "--rank", "0", "--json",
        ])
        let report = try JSONValue.parse(json.output.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(report["profile"]?["format"] == "medresearcher.backend/1")
        #expect(report["profile"]?["facts"]?["gradient_clip"]?["value"] == true)
    }

    @Test func aRecipeThatDoesNotFitItsBackendIsRefusedWithItsLine() throws {
        let served = try ServedWalk(
            backend: "probe: false\nprofile: {gradient_clip: false}", extra: "rl:\n  temperature: 0.7")
        let recipe = try String(contentsOfFile: served.walk.directory + "/walk.yaml", encoding: .utf8)
        let line = try #require(recipe.components(separatedBy: "\n").firstIndex { $0.contains("temperature") }) + 1
        for command in [["train", "walk.yaml"], ["doctor", "walk.yaml"]] {
            let outcome = try served.run(command)
            #expect(outcome.code == 3)
            let said = outcome.errors + outcome.output
            for says in ["walk.yaml:\(line): rl.temperature is 0.7", "gradient_clip_norm is 1.0", "set it to 0"] {
                #expect(said.contains(says), "\(said)")
            }
        }
        #expect(!served.walk.exists("recipe.yaml"), "a refused recipe leaves no run behind")
    }

    @Test func doctorMeasuresTheEmbeddedBackendOfARecipe() throws {
        let walk = try ShortWalk()
        let outcome = try Program.run(["doctor", "walk.yaml"], in: walk.directory)
        #expect(outcome.code == 0, "\(outcome.errors)")
        for says in ["certified questions", "token_sum", "measured", "gradient_clip"] {
            #expect(outcome.output.contains(says), "\(outcome.output)")
        }
    }
}
