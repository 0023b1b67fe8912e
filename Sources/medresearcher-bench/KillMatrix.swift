import Foundation
import Primitives
import Storage

/// Ends runs in every way that can be thought of, and compares what comes of them with a run that nothing disturbed.
struct KillMatrix {
    struct Row {
        var name: String
        var passed: Bool
        /// What was seen, in a few words.
        var finding: String

        var json: JSONValue {
            ["case": .string(name), "passed": .bool(passed), "finding": .string(finding)]
        }
    }

    let setting: KillWalk.Setting
    let seed: UInt64
    let report: (Row) -> Void
    private let reference: KillWalk.Result
    /// How long the undisturbed run took, in seconds.
    let duration: Double

    /// Makes the undisturbed run.
    init(setting: KillWalk.Setting, seed: UInt64, report: @escaping (Row) -> Void) throws {
        self.setting = setting
        self.seed = seed
        self.report = report
        let walk = try KillWalk(setting)
        let start = ContinuousClock.now
        let outcome = try walk.startTraining().wait()
        duration = Self.seconds(since: start)
        guard outcome.code == 0 else { throw KillMatrixError("the undisturbed run failed: \(outcome.errors)") }
        guard let verified = try walk.verify(), verified.code == 0 else {
            throw KillMatrixError("the undisturbed run does not verify")
        }
        reference = try walk.result()
    }

    // MARK: Kills

    /// Kills runs with SIGKILL after random times, resumes them, kills them again, … until each is at its end, and so many
    /// kills have struck. After every kill what is there must verify.
    func kills(_ count: Int) throws -> [Row] {
        var rows: [Row] = []
        var (struck, number) = (0, 0)
        while struck < count {
            let walk = try KillWalk(setting)
            var times: [String] = []
            var problem: String?
            while problem == nil {
                var random = CounterRandom(seed: seed, stage: .evaluation, step: number)
                number += 1
                let isLast = struck >= count
                let program = try walk.startContinuing()
                let delay = isLast ? .infinity : duration * random.uniform()
                let start = ContinuousClock.now
                while program.isRunning, Self.seconds(since: start) < delay { Thread.sleep(forTimeInterval: 0.002) }
                guard program.isRunning else {
                    let outcome = program.wait()
                    if outcome.code != 0 { problem = "the resume failed: \(outcome.lastWords)" }
                    break
                }
                program.send(SIGKILL)
                _ = program.wait()
                struck += 1
                times.append(String(format: "%.2f", delay))
                if let verified = try walk.verify(), verified.code != 0 {
                    problem = "after the kill the run does not verify: \(verified.output)"
                }
            }
            let name =
                times.isEmpty ? "not killed: the end came first" : "SIGKILL after \(times.joined(separator: ", ")) s"
            rows.append(try conclude(name, walk, problem: problem, remark: "\(times.count) kills"))
            report(rows[rows.count - 1])
        }
        return rows
    }

    // MARK: Damage

    /// An interrupted run in the middle of its second stage, with a manifest that names pending groups.
    private func interrupted() throws -> KillWalk {
        let walk = try KillWalk(setting)
        let program = try walk.startTraining()
        // Until `latest.json` names it, nothing vouches for the newest manifest itself.
        while program.isRunning,
            (try? FileStore.readText(walk.run + "/latest.json"))?.contains("000006.rl.json") != true
        {
            Thread.sleep(forTimeInterval: 0.002)
        }
        guard program.isRunning else {
            throw KillMatrixError("the run ended before its sixth step: \(program.wait().errors)")
        }
        program.send(SIGKILL)
        _ = program.wait()
        return walk
    }

    func damages(_ cases: [KillCase]) throws -> [Row] {
        let template = try interrupted()
        var rows: [Row] = []
        for kind in cases {
            let walk = try KillWalk(copying: template)
            let row: Row
            do {
                try kind.damage(walk)
                row = try resume(walk, kind)
            } catch {
                row = Row(name: kind.name, passed: false, finding: "\(error)")
            }
            rows.append(row)
            report(row)
        }
        return rows
    }

    private func resume(_ walk: KillWalk, _ kind: KillCase) throws -> Row {
        let outcome = try walk.startResuming().wait()
        let notice = outcome.errors.split(whereSeparator: \.isNewline).map(String.init)
            .first { $0.contains("passed over") || $0.contains("error") }
        switch kind.expectation {
        case .equal:
            let problem = outcome.code == 0 ? nil : "the resume failed: \(outcome.lastWords)"
            return try conclude(
                kind.name, walk, problem: problem, remark: notice ?? "went on from the newest manifest",
                staysBroken: kind.staysBroken)
        case .refused(let reason):
            let refused = outcome.code != 0 && !outcome.wasSignalled && outcome.errors.contains(reason)
            return Row(
                name: kind.name, passed: refused,
                finding: refused
                    ? "refused (exit code \(outcome.code)): \(notice ?? reason)"
                    : "expected a refusal with `\(reason)`, found exit code \(outcome.code): \(outcome.lastWords)")
        }
    }

    /// Compares what a walk came to with the undisturbed run.
    private func conclude(
        _ name: String, _ walk: KillWalk, problem: String?, remark: String, staysBroken: Bool = false
    ) throws -> Row {
        if let problem { return Row(name: name, passed: false, finding: problem) }
        let result = try walk.result()
        if result.rewards != reference.rewards { return Row(name: name, passed: false, finding: "another rewards.csv") }
        if result.weights != reference.weights { return Row(name: name, passed: false, finding: "other weights") }
        let verified = try walk.verify()
        if (verified?.code == 0) == staysBroken {
            return Row(name: name, passed: false, finding: "runs verify: \(verified?.output ?? "no run")")
        }
        return Row(name: name, passed: true, finding: "equal; \(remark)")
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    // MARK: Two processes

    func twoProcesses() throws -> [Row] {
        let walk = try KillWalk(copying: interrupted())
        let first = try walk.startResuming()
        guard walk.wait(for: "logs/attempt-2.log", while: first) else {
            throw KillMatrixError("the resume ended before a second one could begin: \(first.wait().errors)")
        }
        // It could be done before the others have looked.
        first.send(SIGSTOP)
        let second = try walk.startResuming(name: "second").wait()
        let third = try walk.start(["train", "walk.yaml"], name: "third").wait()
        first.send(SIGCONT)
        let outcome = first.wait()
        var rows = [(second, "another process is working"), (third, "exists already")].enumerated().map { index, pair in
            let (outcome, reason) = pair
            return Row(
                name: index == 0 ? "two processes: a second resume" : "two processes: a second train",
                passed: outcome.code == 3 && outcome.errors.contains(reason),
                finding: "refused (exit code \(outcome.code)): \(outcome.lastWords)")
        }
        rows.append(
            try conclude(
                "two processes: the first one", walk,
                problem: outcome.code == 0 ? nil : "it failed: \(outcome.lastWords)", remark: "not disturbed"))
        for row in rows { report(row) }
        return rows
    }

    // MARK: A full disk

    /// Resumes with a limit on the size of files, as `ulimit -f` sets it, then without one.
    func limitedFiles(blocks: [Int]) throws -> [Row] {
        let template = try interrupted()
        var rows: [Row] = []
        for count in blocks {
            let walk = try KillWalk(copying: template)
            // The signal is ignored, so that a write beyond the limit fails as one to a full disk does.
            let script = "trap '' XFSZ; ulimit -f \(count); exec \"$0\" resume Runs/walk"
            let limited = try ChildProgram(
                "/bin/bash", ["-c", script, setting.program], in: walk.directory, name: "limited"
            ).wait()
            let name = "files of at most \(count) KiB"
            let row: Row
            if limited.code == 0 || limited.wasSignalled {
                row = Row(name: name, passed: false, finding: "the limit was not noticed: \(limited.lastWords)")
            } else {
                let outcome = try walk.startResuming().wait()
                row = try conclude(
                    name, walk, problem: outcome.code == 0 ? nil : "the resume failed: \(outcome.lastWords)",
                    remark: "after: \(limited.lastWords)")
            }
            rows.append(row)
            report(row)
        }
        return rows
    }

    /// Resumes on a file system that is too small, then makes room and resumes again. Needs the right to mount.
    func fullDisk(roomKilobytes: [Int]) throws -> [Row] {
        let template = try interrupted()
        let used = try Self.size(of: template.run)
        var rows: [Row] = []
        for room in roomKilobytes {
            let walk = try KillWalk(copying: template)
            let name = "a disk with \(room) KiB left"
            let script = """
                set -e; mkdir disk; mount -t tmpfs -o size=\(used / 1024 + room)k tmpfs disk
                cp -a Runs/walk/. disk/ || exit 97
                mount --bind disk Runs/walk
                code=0; "$0" resume Runs/walk >full.txt 2>&1 || code=$?
                mount -o remount,size=4g disk
                "$0" resume Runs/walk || exit 98
                cp -a Runs/walk out; exit $code
                """
            let outcome = try ChildProgram(
                "/usr/bin/unshare", ["-m", "/bin/bash", "-c", script, setting.program], in: walk.directory,
                name: "full"
            ).wait()
            let said = (try? FileStore.readText(walk.directory + "/full.txt")) ?? ""
            let words = said.split(whereSeparator: \.isNewline).last { $0.contains("error") }.map(String.init) ?? ""
            let row: Row
            if said.isEmpty {
                row = Row(name: name, passed: true, finding: "not tried: nothing can be mounted here")
            } else if outcome.code == 97 || outcome.code == 98 {
                row = Row(name: name, passed: false, finding: "the resume failed: \(outcome.lastWords)")
            } else if outcome.code == 0 || !said.contains("disk is full") {
                row = Row(name: name, passed: false, finding: "the disk was not full: \(words)")
            } else {
                try FileStore.remove(walk.run)
                try FileManager.default.moveItem(atPath: walk.directory + "/out", toPath: walk.run)
                row = try conclude(name, walk, problem: nil, remark: "after: \(words)")
            }
            rows.append(row)
            report(row)
        }
        return rows
    }

    private static func size(of directory: String) throws -> Int {
        let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        // Whole pages, as a file system in memory counts.
        return try files.reduce(0) { try $0 + (FileStore.size(directory + "/" + $1) + 4095) / 4096 * 4096 }
    }
}

struct KillMatrixError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
