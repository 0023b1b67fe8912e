import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerCheckpointTests {
    @Test func aCheckpointIsLoadedByALaterServerWhoseModelsHaveOtherIDs() async throws {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (model, path) = try await ServerFixture.with(directory: directory) { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("forward_backward", ServerFixture.batch(model, 1))
            _ = try await server.run("optim_step", ServerFixture.step(model, 2))
            let saved = try await server.run("save_weights", ServerFixture.save(model, 3, "step-1"))
            #expect(saved["type"] == "save_weights")
            return (model, try saved.string(at: "path"))
        }
        #expect(path == "tinker://\(model)/weights/step-1")
        try await ServerFixture.with(directory: directory) { server in
            let information = try await server.ok("weights_info", ["tinker_path": .string(path)])
            #expect(information["base_model"] == "tiny" && information["is_lora"] == false)
            let other = try await server.makeModel(try await server.makeSession())
            #expect(other != model)
            for (sequence, optimizer) in [(1, false), (2, true)] {
                let loaded = try await server.run(
                    "load_weights",
                    [
                        "model_id": .string(other), "seq_id": .integer(sequence), "path": .string(path),
                        "optimizer": .bool(optimizer), "type": "load_weights",
                    ])
                #expect(loaded["type"] == "load_weights")
            }
            #expect(server.log.all == ["load 0.5 steps 0", "discard 0", "load 0.5 steps 1", "discard 0"])
        }
    }

    @Test func anExistingNameIsAConflictUnlessOverwritten() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("save_weights", ServerFixture.save(model, 1, "a"))
            #expect(try await server.post("save_weights", ServerFixture.save(model, 2, "a")).status == 409)
            _ = try await server.run("optim_step", ServerFixture.step(model, 3))
            let again = try await server.run("save_weights", ServerFixture.save(model, 4, "a", overwrite: true))
            #expect(again["path"]?.stringValue == "tinker://\(model)/weights/a")
            let files = server.directory + "/checkpoints/\(model)/weights"
            #expect(try FileManager.default.contentsOfDirectory(atPath: files) == ["a"])
            #expect(try StandInWeights.read(files + "/a/model.txt") == 0.5)
        }
    }

    @Test func twoSavesUnderOneNameConflictEvenBeforeTheFirstIsWritten() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            server.log.gate.close()
            let first = try await server.ok("save_weights", ServerFixture.save(model, 1, "a"))
            #expect(try await server.post("save_weights", ServerFixture.save(model, 2, "a")).status == 409)
            server.log.gate.open()
            #expect(try await server.result(of: first)["path"] != nil)
        }
    }

    @Test func aCheckpointHasItsNameOnlyWhenItIsWhole() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            server.log.gate.close()
            let promise = try await server.ok("save_weights", ServerFixture.save(model, 1, "a"))
            let parent = server.directory + "/checkpoints/\(model)/weights"
            var entries: [String] = []
            while entries.isEmpty {
                entries = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(entries.allSatisfy { $0.hasPrefix(".unfinished-") })
            let path = "tinker://\(model)/weights/a"
            #expect(try await server.post("weights_info", ["tinker_path": .string(path)]).status == 404)
            server.log.gate.open()
            _ = try await server.result(of: promise)
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["a"])
        }
    }

    @Test func aStartRemovesHalfCheckpointsAndCompletesReplacements() throws {
        let root = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let parent = root + "/model_000004/weights"
        let manager = FileManager.default
        for name in [".unfinished-999999999-a", ".replaced-b", ".replaced-c", "c"] {
            try manager.createDirectory(atPath: parent + "/" + name, withIntermediateDirectories: true)
        }
        let store = CheckpointStore(root: root)
        try store.recover()
        #expect(try manager.contentsOfDirectory(atPath: parent).sorted() == ["b", "c"])
        #expect(try store.allocateModelID() == "model_000005")
        store.releaseModelID("model_000005")
        #expect(try store.allocateModelID() == "model_000006")
    }

    @Test func aFailedSaveLeavesNothing() throws {
        let root = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = CheckpointStore(root: root)
        let reference = try CheckpointReference(modelID: "model_000001", kind: .training, name: "a")
        #expect(throws: StandInError.self) {
            try store.save(NewCheckpoint(reference: reference, baseModel: "tiny")) { directory in
                try StandInWeights.write("half", to: directory + "/model.txt")
                throw StandInError.unlucky
            }
        }
        #expect(!store.exists(reference))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/model_000001/weights").isEmpty)
    }

    @Test(arguments: [
        ("tinker://model_000099/weights/a", 404), ("tinker://model_000001/other/a", 400), ("/etc/passwd", 400),
        ("tinker://../weights/a", 400),
    ])
    func pathsThatNameNothingAreRefused(path: String, status: Int) async throws {
        try await ServerFixture.with { server in
            #expect(try await server.post("weights_info", ["tinker_path": .string(path)]).status == status)
            let model = try await server.makeModel(try await server.makeSession())
            let body: JSONValue = ["model_id": .string(model), "seq_id": 1, "path": .string(path), "optimizer": true]
            #expect(try await server.post("load_weights", body).status == status)
        }
    }
}
