import Primitives
import Storage
import Testing

@testable import Training

@Suite struct GroupLogTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let header = GroupLog.Header(
        stage: .reinforcement, step: 3, policyIdentity: "rl-2-a1", recipeSHA256: "abc")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/log.jsonl"
        let log = try GroupLog(path: path, header: header)
        for number in 0..<3 { try log.append(.object(["group": .integer(number)])) }
        log.close()
    }

    private func reopened(_ header: GroupLog.Header) throws -> [Int] {
        let log = try GroupLog(path: path, header: header)
        log.close()
        return log.finished.compactMap { $0["group"]?.integerValue }
    }

    @Test func finishedGroupsAreFoundAgain() throws {
        #expect(try reopened(header) == [0, 1, 2])
    }

    /// A version number alone does not name the weights: after a crash the same number may stand for other weights.
    @Test(arguments: ["rl-2-a2", "initial"]) func groupsOfOtherWeightsAreDropped(identity: String) throws {
        var other = header
        other.policyIdentity = identity
        #expect(try reopened(other) == [])
        #expect(try reopened(header) == [])
    }

    @Test func groupsOfAnotherRecipeAreDropped() throws {
        var other = header
        other.recipeSHA256 = "def"
        #expect(try reopened(other) == [])
    }

    @Test(arguments: 1...11) func aTornLastLineIsCutOff(missing: Int) throws {
        let length = try FileStore.size(path)
        try AppendLog.truncate(path, to: length - missing)
        #expect(try reopened(header) == [0, 1])
        let log = try GroupLog(path: path, header: header)
        try log.append(.object(["group": 2]))
        log.close()
        #expect(try reopened(header) == [0, 1, 2])
    }
}
