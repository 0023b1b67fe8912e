import Foundation
import Storage
import Testing

@Suite struct FileStoreTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(arguments: [0, 1, 4096, 1_000_003])
    func readsWhatWasWritten(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = directory.file("data.bin")
        try FileStore.writeAtomically(bytes, to: path)
        #expect(try FileStore.read(path) == bytes)
        #expect(try FileStore.size(path) == count)
    }

    @Test func readsFilesWhoseSizeIsNotKnownBeforehand() throws {
        #expect(try FileStore.readText("/proc/self/status").contains("Pid:"))
    }

    @Test func replacingLeavesNoTemporaryFile() throws {
        let path = directory.file("a.txt")
        try FileStore.writeAtomically([1], to: path)
        try FileStore.writeAtomically([2, 3], to: path)
        #expect(try FileStore.read(path) == [2, 3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["a.txt"])
    }

    @Test func filesThatBelongTogetherAreReplacedTogether() throws {
        let paths = ["a", "b"].map(directory.file)
        for number in [UInt8(1), 2] {
            try FileStore.writeTogether(paths.enumerated().map { ($1, [number, UInt8($0)]) })
            for (index, path) in paths.enumerated() { #expect(try FileStore.read(path) == [number, UInt8(index)]) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["a", "b"])
    }

    /// A name that is too long stands for a full disk: the second file cannot be written, and the first one is as it was.
    @Test func whereOneCannotBeWrittenNoneIsReplaced() throws {
        let path = directory.file("a")
        try FileStore.writeAtomically([1], to: path)
        #expect(throws: StorageError.self) {
            try FileStore.writeTogether([
                (path, [2]), (directory.file(String(repeating: "b", count: 250)), [2]),
            ])
        }
        #expect(try FileStore.read(path) == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["a"])
    }

    @Test func listIsSortedAndHidesInterruptedWrites() throws {
        for name in ["b", "a", ".a.partial-1-0"] { try Data().write(to: URL(fileURLWithPath: directory.file(name))) }
        #expect(try FileStore.list(directory.path) == ["a", "b"])
    }

    @Test func createsNestedDirectoriesAndRemovesThem() throws {
        let path = directory.file("x/y/z")
        try FileStore.createDirectory(path)
        try FileStore.createDirectory(path)
        try FileStore.writeAtomically([1], to: path + "/f")
        #expect(FileStore.isDirectory(path))
        try FileStore.remove(directory.file("x"))
        #expect(!FileStore.exists(directory.file("x")))
        try FileStore.remove(directory.file("x"))
    }

    @Test func removeDoesNotFollowLinks() throws {
        try FileStore.createDirectory(directory.file("kept"))
        try FileStore.writeAtomically([1], to: directory.file("kept/f"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("link"), withDestinationPath: directory.file("kept"))
        try FileStore.remove(directory.file("link"))
        #expect(FileStore.exists(directory.file("kept/f")))
    }

    @Test(arguments: [("a/b", "a"), ("a", "."), ("/a", "/"), ("a/b/", "a"), ("/", "/")])
    func namesTheDirectoryOfAPath(path: String, expected: String) {
        #expect(FileStore.directory(of: path) == expected)
    }

    // MARK: Faults

    @Test func missingFileIsNamed() throws {
        let path = directory.file("absent.bin")
        let error = #expect(throws: StorageError.self) { try FileStore.read(path) }
        #expect(error?.isMissing == true)
        #expect(error?.description == "could not read \(path): No such file or directory; check that the path is right")
        #expect(throws: StorageError.self) { try FileStore.list(path) }
        #expect(throws: StorageError.self) { try FileStore.size(path) }
    }

    @Test func directoryInPlaceOfAFileIsNamed() throws {
        let path = directory.path
        let error = #expect(throws: StorageError.self) { try FileStore.read(path) }
        #expect(error?.description.contains("this is a directory") == true)
        #expect(throws: StorageError.self) { try FileStore.writeAtomically([1], to: path) }
        #expect(try FileStore.list(path) == [])
    }

    @Test func fileInPlaceOfADirectoryIsNamed() throws {
        let path = directory.file("f")
        try FileStore.writeAtomically([1], to: path)
        #expect(throws: StorageError.self) { try FileStore.createDirectory(path) }
        let error = #expect(throws: StorageError.self) { try FileStore.createDirectory(path + "/below") }
        #expect(error?.description.contains("a part of the path is a file") == true)
    }

    /// `/proc` refuses new files even to root.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "there is no /proc here"))
    func directoryThatCannotBeWrittenIsNamed() throws {
        let error = #expect(throws: StorageError.self) { try FileStore.writeAtomically([1], to: "/proc/run.json") }
        #expect(error?.description.contains("/proc/run.json") == true)
        #expect(throws: StorageError.self) { try FileStore.createDirectory("/proc/run") }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func directoryWithoutPermissionIsNamed() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory.path)
        let path = directory.file("f")
        let error = #expect(throws: StorageError.self) { try FileStore.writeAtomically([1], to: path) }
        #expect(error?.description.contains("whether it may be written") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory.path)
    }

    @Test(.enabled(if: TinyFileSystem.isPossible, "only root may mount a small file system"))
    func fullDiskKeepsTheOldContent() throws {
        let disk = try #require(TinyFileSystem())
        let path = disk.directory.file("latest.json")
        try FileStore.writeAtomically([7], to: path)
        let large = [UInt8](repeating: 1, count: 1 << 20)
        let error = #expect(throws: StorageError.self) { try FileStore.writeAtomically(large, to: path) }
        #expect(error?.isDiskFull == true)
        #expect(error?.description.contains("the disk is full") == true)
        #expect(error?.description.contains(path) == true)
        #expect(try FileStore.read(path) == [7])
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.directory.path) == ["latest.json"])
    }
}
