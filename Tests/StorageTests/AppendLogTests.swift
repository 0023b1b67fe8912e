import Foundation
import Storage
import Testing

@Suite struct AppendLogTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("metrics.jsonl")
    }

    @Test func appendsAndKnowsItsLength() throws {
        let log = try AppendLog(path: path)
        try log.append(Array("one\n".utf8))
        try log.append(Array("two\n".utf8))
        try log.synchronize()
        #expect(log.length == 8)
        log.close()
        let reopened = try AppendLog(path: path)
        #expect(reopened.length == 8)
        try reopened.append(Array("three\n".utf8))
        #expect(try FileStore.readText(path) == "one\ntwo\nthree\n")
    }

    @Test func closedLogRefuses() throws {
        let log = try AppendLog(path: path)
        log.close()
        log.close()
        #expect(throws: StorageError.self) { try log.append([1]) }
    }

    @Test func truncateRestoresAnEarlierLength() throws {
        let log = try AppendLog(path: path)
        try log.append(Array("one\ntwo\n".utf8))
        let verified = try SHA256.hex(file: path, prefix: 4)
        try AppendLog.truncate(path, to: 4)
        #expect(try FileStore.readText(path) == "one\n")
        #expect(try SHA256.hex(file: path) == verified)
        try AppendLog.truncate(path, to: 4)
        #expect(try FileStore.size(path) == 4)
    }

    @Test func cutLogIsReportedNotGrown() throws {
        try FileStore.writeAtomically(Array("{\"step\":1}\n{\"st".utf8), to: path)
        let error = #expect(throws: StorageError.self) { try AppendLog.truncate(path, to: 22) }
        #expect(error?.description == "\(path): holds 15 bytes where at least 22 were recorded: records are lost")
        #expect(try FileStore.size(path) == 15)
        let reading = #expect(throws: StorageError.self) { try JSONLines.read(path) }
        #expect(reading?.description.contains("line 2") == true)
        #expect(throws: StorageError.self) { try SHA256.hex(file: path, prefix: 22) }
        #expect(throws: StorageError.self) { try AppendLog.truncate(directory.file("absent"), to: 1) }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
    func fullDeviceIsNamed() throws {
        let log = try AppendLog(path: "/dev/full")
        let error = #expect(throws: StorageError.self) { try log.append([1]) }
        #expect(error?.isDiskFull == true)
        #expect(log.length == 0)
    }

    @Test(.enabled(if: TinyFileSystem.isPossible, "only root may mount a small file system"))
    func recordThatDoesNotFitIsTakenBackWhole() throws {
        let disk = try #require(TinyFileSystem())
        let path = disk.directory.file("log")
        let log = try AppendLog(path: path)
        try log.append([1, 2, 3])
        let error = #expect(throws: StorageError.self) { try log.append([UInt8](repeating: 9, count: 1 << 20)) }
        #expect(error?.isDiskFull == true)
        #expect(log.length == 3)
        #expect(try FileStore.read(path) == [1, 2, 3])
        try log.append([4])
        #expect(try FileStore.read(path) == [1, 2, 3, 4])
    }

    @Test func recordsOfManyWritersStayWhole() async throws {
        let log = try AppendLog(path: path)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for _ in 0..<50 { try? log.append(Array("\(writer)\(String(repeating: "x", count: 99))\n".utf8)) }
                }
            }
        }
        let lines = try FileStore.readText(path).split(separator: "\n")
        #expect(lines.count == 400)
        #expect(lines.allSatisfy { $0.count == 100 })
    }
}
