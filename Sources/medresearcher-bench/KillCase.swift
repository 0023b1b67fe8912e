import Foundation
import Storage

/// One kind of damage to an interrupted run, and what has to come of it.
struct KillCase: Sendable {
    enum Expectation: Sendable {
        /// The resumed run ends as the one that was never interrupted.
        case equal
        /// The program refuses and says why.
        case refused(String)
    }

    var name: String
    var expectation: Expectation
    /// Whether `runs verify` still has something to say after the resume, because what was lost is not needed.
    var staysBroken = false
    var damage: @Sendable (KillWalk) throws -> Void

    init(
        _ name: String, _ expectation: Expectation = .equal, staysBroken: Bool = false,
        damage: @escaping @Sendable (KillWalk) throws -> Void
    ) {
        (self.name, self.expectation, self.staysBroken, self.damage) = (name, expectation, staysBroken, damage)
    }

    static let all = tornWrites + manifests + lostFiles + clocks + inputs

    /// What a killed process or a crashed machine leaves of a line that it was writing.
    private static let tornWrites =
        ["metrics.jsonl", "outcomes.jsonl", "logs/attempt-1.log"].map { file in
            KillCase("torn last line: \(file)") { walk in
                try walk.change(file) { $0 += Array("{\"stage\":\"rl\",\"step\":7,\"rew".utf8) }
            }
        } + [
            KillCase("torn last lines: every groups file") { walk in
                for file in walk.files("groups") {
                    try walk.change(file) { $0 += Array("{\"step\":7,\"group\":1,\"sam".utf8) }
                }
            },
            KillCase("half of the last line: newest groups file") { walk in
                if let file = walk.files("groups").last { try walk.change(file) { $0.removeLast(min(40, $0.count)) } }
            },
            KillCase("an empty groups file") { walk in
                if let file = walk.files("groups").last { try walk.change(file) { $0 = [] } }
            },
            KillCase("metrics.jsonl shorter than its manifest says") { walk in
                try walk.change("metrics.jsonl") { $0.removeLast($0.count / 3) }
            },
            KillCase("temporary files of interrupted writes") { walk in
                for file in ["manifests/.000009.rl.json", "rollouts/.000009.jsonl.zst", ".latest.json"] {
                    try Data("{".utf8).write(to: URL(fileURLWithPath: walk.run + "/\(file).partial-1-1"))
                }
            },
        ]

    private static let manifests = [
        KillCase("newest manifest: one byte flipped") { walk in
            try walk.change(walk.manifests[0]) { $0[$0.count / 2] ^= 4 }
        },
        KillCase("newest manifest: another policy version") { walk in
            try walk.change(walk.manifests[0]) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                bytes = Array(text.replacing("\"policy_version\":", with: "\"policy_version\":1").utf8)
            }
        },
        KillCase("newest manifest: torn") { walk in try walk.change(walk.manifests[0]) { $0.removeLast(30) } },
        KillCase("newest manifest: empty") { walk in try walk.change(walk.manifests[0]) { $0 = [] } },
        KillCase("newest manifest: deleted") { walk in try walk.remove(walk.manifests[0]) },
        KillCase("two newest manifests: torn") { walk in
            for file in walk.manifests.prefix(2) { try walk.change(file) { $0.removeLast(30) } }
        },
        KillCase("latest.json: empty") { walk in try walk.change("latest.json") { $0 = [] } },
        KillCase("all manifests: torn", .refused("no manifest in")) { walk in
            for file in walk.manifests { try walk.change(file) { $0.removeLast(30) } }
        },
    ]

    private static let lostFiles = [
        KillCase("newest rollout file: deleted") { walk in
            if let file = walk.files("rollouts").filter({ $0 <= "rollouts/000006" + "~" }).last {
                try walk.remove(file)
            }
        },
        // Nothing needs it any more but the verification.
        KillCase("first rollout file: deleted", staysBroken: true) { walk in
            try walk.remove("rollouts/000001.jsonl.zst")
        },
        KillCase("a pending groups file: deleted") { walk in try walk.remove("groups/rl-000007.jsonl") },
        KillCase("all groups files: deleted") { walk in for file in walk.files("groups") { try walk.remove(file) } },
        KillCase("outcomes.jsonl: deleted", .refused("no manifest in")) { walk in try walk.remove("outcomes.jsonl") },
        KillCase("newest trainer state: deleted") { walk in
            try FileStore.remove(walk.newestState(walk.states))
        },
        KillCase("newest trainer state: half a file") { walk in
            let state = walk.newestState(walk.states)
            for file in try FileStore.list(state) where file.hasSuffix(".safetensors") {
                let path = state + "/" + file
                try Data(FileStore.read(path).dropLast(1000)).write(to: URL(fileURLWithPath: path))
            }
        },
        KillCase("all trainer states: deleted", .refused("no manifest in")) { walk in
            for state in walk.states { try FileStore.remove(state) }
        },
    ]

    /// Nothing in a run depends on what its clock says.
    private static let clocks =
        [
            ("in 1970", "1970-01-01T00:00:01Z", 1.0), ("in 2099", "2099-12-31T23:59:59Z", 4_102_444_799),
        ].map { name, text, seconds in
            KillCase("clock: everything was written \(name)") { walk in
                // The newest manifest is the only one whose hash no other names.
                try walk.change(walk.manifests[0]) { bytes in
                    let written = String(decoding: bytes, as: UTF8.self)
                    bytes = Array(
                        written.replacing(/"time":"[^"]*"/, with: "\"time\":\"\(text)\"").utf8)
                }
                try walk.signNewestManifest()
                let everything = FileManager.default.enumerator(atPath: walk.run)?.compactMap { $0 as? String } ?? []
                for file in everything {
                    try FileManager.default.setAttributes(
                        [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: walk.run + "/" + file)
                }
            }
        } + [
            KillCase("clock: the log goes backwards") { walk in
                try walk.change("logs/attempt-1.log") {
                    $0 += Array("1999-01-01T00:00:00Z the clock was set back\n".utf8)
                }
            }
        ]

    private static let inputs = [
        KillCase("recipe.yaml: changed", .refused("has SHA-256")) { walk in
            try walk.change("recipe.yaml") { bytes in
                bytes = Array(
                    String(decoding: bytes, as: UTF8.self).replacing("group_size: 4", with: "group_size: 6").utf8)
            }
        },
        KillCase("lock.json: missing") { walk in try walk.remove("lock.json") },
    ]
}

extension KillWalk {
    /// The directories of the trainer states.
    var states: [String] {
        let root = run + "/checkpoints"
        let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix("optimizer.safetensors") }
            .map { root + "/" + FileStore.directory(of: $0) }.sorted()
    }

    /// The state that the newest manifest names.
    func newestState(_ states: [String]) -> String {
        let manifest = (try? FileStore.readText(run + "/" + manifests[0])) ?? ""
        return states.first { state in
            manifest.contains(state.split(separator: "/").last.map { "/\($0)\"" } ?? "\u{0}")
        } ?? states.last ?? ""
    }
}
