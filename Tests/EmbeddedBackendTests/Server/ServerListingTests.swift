import Foundation
import Primitives
import Synchronization
import Testing

@testable import EmbeddedBackend

/// Listing, expiry and deletion of checkpoints.
@Suite struct ServerListingTests {
    private static func ids(_ listing: JSONValue) -> [String] {
        (listing["checkpoints"]?.arrayValue ?? []).compactMap { $0["checkpoint_id"]?.stringValue }
    }

    private static func saveSampler(
        _ server: ServerFixture, _ model: String, _ sequence: Int, _ name: String, members: JSONObject = [:]
    ) async throws -> String {
        var body: JSONObject = ["model_id": .string(model), "path": .string(name), "seq_id": .integer(sequence)]
        for member in members.members { body[member.key] = member.value }
        return try await server.run("save_weights_for_sampler", .object(body)).string(at: "path")
    }

    private static func draw(_ server: ServerFixture, _ sampler: String, _ sequence: Int) async throws -> JSONValue {
        try await server.run(
            "asample",
            [
                "sampling_session_id": .string(sampler), "seq_id": .integer(sequence),
                "prompt": ["chunks": [["tokens": [3], "type": "encoded_text"]]],
                "sampling_params": ["max_tokens": 1, "seed": 100],
            ])["sequences"]?.arrayValue?[0]["tokens"] ?? .null
    }

    @Test func checkpointsAndRunsAreListedAlsoByALaterServer() async throws {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let models = try await ServerFixture.with(directory: directory) { server in
            let session = try await server.makeSession()
            let first = try await server.makeModel(session, adapter: ["rank": 4])
            let second = try await server.makeModel(session, sequence: 1)
            _ = try await server.run("save_weights", ServerFixture.save(first, 1, "a"))
            _ = try await Self.saveSampler(server, first, 2, "b", members: ["user_metadata": ["step": "2"]])
            let runs = try await server.send("GET", "training_runs?limit=1").body
            #expect(runs["cursor"] == ["offset": 0, "limit": 1, "total_count": 2])
            #expect(runs["training_runs"]?.arrayValue?[0]["training_run_id"]?.stringValue == second)
            return (first, second)
        }
        try await ServerFixture.with(directory: directory) { server in
            let listing = try await server.send("GET", "training_runs/\(models.0)/checkpoints").body
            #expect(Set(Self.ids(listing)) == ["sampler_weights/b", "weights/a"])
            let entry = try #require(
                listing["checkpoints"]?.arrayValue?.first { $0["checkpoint_type"] == "sampler" })
            #expect(entry["tinker_path"]?.stringValue == "tinker://\(models.0)/sampler_weights/b")
            #expect(entry["user_metadata"] == ["step": "2"] && entry["public"] == false)
            #expect(entry["size_bytes"]?.integerValue == 3 && entry["expires_at"] == .null)
            let time = try entry.string(at: "time")
            #expect(try Date(time, strategy: .iso8601).timeIntervalSinceNow > -600)
            let all = try await server.send("GET", "checkpoints?limit=1&offset=1").body
            #expect(all["cursor"] == ["offset": 1, "limit": 1, "total_count": 2] && Self.ids(all).count == 1)
            let run = try await server.send("GET", "training_runs/\(models.0)").body
            #expect(run["is_lora"] == true && run["lora_rank"] == 4 && run["base_model"] == "tiny")
            #expect(run["last_checkpoint"]?["checkpoint_id"] == "weights/a")
            #expect(run["last_sampler_checkpoint"]?["checkpoint_id"] == "sampler_weights/b")
            // Nothing was saved from the other one.
            #expect(try await server.send("GET", "training_runs/\(models.1)").status == 404)
            #expect(try await server.send("GET", "checkpoints?limit=0").status == 400)
        }
    }

    @Test func publishingIsRememberedAndTakenBack() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("save_weights", ServerFixture.save(model, 1, "a"))
            let place = "training_runs/\(model)/checkpoints/weights/a/publish"
            for (method, isPublic) in [("POST", true), ("DELETE", false)] {
                #expect(try await server.send(method, place).status == 200)
                let listing = try await server.send("GET", "checkpoints").body
                #expect(listing["checkpoints"]?.arrayValue?[0]["public"]?.boolValue == isPublic)
            }
            #expect(try await server.send("POST", place.replacing("/a/", with: "/b/")).status == 404)
        }
    }

    @Test func aSamplerOutlivesTheDeletionOfItsCheckpoint() async throws {
        // One live sampler, so that the deleted one must be read again.
        try await ServerFixture.with(configure: { $0.liveSamplerLimit = 1 }) { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            _ = try await server.run("optim_step", ServerFixture.step(model, 1, learningRate: 0.25))
            let path = try await Self.saveSampler(server, model, 2, "a")
            let sampler = try await server.makeSampler(session, path: path)
            let place = "training_runs/\(model)/checkpoints/sampler_weights/a"
            #expect(try await server.send("DELETE", place).status == 200)
            #expect(try await server.send("DELETE", place).status == 404)
            #expect(Self.ids(try await server.send("GET", "checkpoints").body).isEmpty)
            #expect(try await Self.draw(server, sampler, 0) == [350])
            #expect(try await Self.draw(server, try await server.makeSampler(session, sequence: 1), 0) == [100])
            #expect(try await Self.draw(server, sampler, 1) == [350])
            // A new checkpoint of the name is another one.
            _ = try await server.run("optim_step", ServerFixture.step(model, 3, learningRate: 0.1))
            _ = try await Self.saveSampler(server, model, 4, "a")
            let newer = try await server.makeSampler(session, sequence: 2, path: path)
            #expect(try await Self.draw(server, newer, 0) == [450])
            #expect(try await Self.draw(server, sampler, 2) == [350])
            let files = server.directory + "/checkpoints/\(model)/sampler_weights"
            #expect(try FileManager.default.contentsOfDirectory(atPath: files).count == 2)
            try await server.ok("sessions/\(session)/finish", [:])
            #expect(try FileManager.default.contentsOfDirectory(atPath: files) == ["a"])
        }
    }

    @Test func aReplacedCheckpointStaysForItsSamplers() async throws {
        try await ServerFixture.with(configure: { $0.liveSamplerLimit = 1 }) { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            let path = try await Self.saveSampler(server, model, 1, "a")
            let old = try await server.makeSampler(session, path: path)
            _ = try await server.run("optim_step", ServerFixture.step(model, 2, learningRate: 0.25))
            _ = try await Self.saveSampler(server, model, 3, "a", members: ["overwrite": true])
            let new = try await server.makeSampler(session, sequence: 1, path: path)
            for sequence in 0..<2 {
                #expect(try await Self.draw(server, old, sequence) == [100])
                #expect(try await Self.draw(server, new, sequence) == [350])
            }
        }
    }

    @Test func checkpointsExpireOnTime() async throws {
        let time = TestClock()
        try await ServerFixture.with(configure: {
            $0.now = { time.seconds }
            $0.expiryInterval = .milliseconds(5)
        }) { server in
            let session = try await server.makeSession()
            let model = try await server.makeModel(session)
            let path = try await Self.saveSampler(server, model, 1, "a", members: ["ttl_seconds": 3600])
            _ = try await Self.saveSampler(server, model, 2, "b", members: ["ttl_seconds": 3600])
            _ = try await Self.saveSampler(server, model, 3, "c")
            let place = "training_runs/\(model)/checkpoints/sampler_weights"
            for (name, lifetime, status) in [("b", "null", 200), ("c", "7200", 200), ("c", "10", 400)] {
                let body = Array("{\"ttl_seconds\":\(lifetime)}".utf8)
                #expect(try await server.send("PUT", "\(place)/\(name)/ttl", body: body).status == status)
            }
            time.seconds += 3599
            #expect(Self.ids(try await server.send("GET", "checkpoints").body).count == 3)
            time.seconds += 2
            let left = Set(Self.ids(try await server.send("GET", "checkpoints").body))
            #expect(left == ["sampler_weights/b", "sampler_weights/c"])
            #expect(try await server.post("weights_info", ["tinker_path": .string(path)]).status == 404)
            let files = server.directory + "/checkpoints/\(model)/sampler_weights"
            while try FileManager.default.contentsOfDirectory(atPath: files).count > 2 {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: files).sorted() == ["b", "c"])
        }
    }

    @Test func whatExpiredWhileNoServerRanIsDeletedAtTheStart() throws {
        let root = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let reference = try CheckpointReference(modelID: "model_000001", kind: .sampler, name: "a")
        let store = CheckpointStore(root: root) { 1000 }
        try store.save(NewCheckpoint(reference: reference, baseModel: "tiny", lifetime: 3600)) {
            try StandInWeights.write("0", to: $0 + "/model.txt")
        }
        let later = CheckpointStore(root: root) { 4601 }
        #expect(!later.exists(reference))
        try later.recover()
        #expect(!FileManager.default.fileExists(atPath: later.directory(of: reference)))
    }

    @Test func sessionsAreListedAndDescribed() async throws {
        try await ServerFixture.with { server in
            let session = try await server.ok(
                "create_session", ["display_name": "night run", "user_metadata": ["a": "b"]]
            ).string(at: "session_id")
            let model = try await server.makeModel(session)
            let sampler = try await server.makeSampler(session)
            #expect(try await server.send("GET", "sessions").body == ["sessions": [.string(session)]])
            let described = try await server.send("GET", "sessions/\(session)").body
            #expect(described["training_run_ids"] == [.string(model)] && described["sampler_ids"] == [.string(sampler)])
            #expect(described["display_name"] == "night run" && described["user_metadata"] == ["a": "b"])
            #expect(try await server.send("GET", "sessions/x").status == 404)
        }
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let value = Mutex(1_700_000_000.0)

    var seconds: Double {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
