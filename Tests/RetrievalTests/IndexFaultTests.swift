import Foundation
import Testing

@testable import Retrieval

/// Damaged indexes: always one error that names the file, never a crash or another answer.
@Suite struct IndexFaultTests {
    private func index() throws -> IndexDirectory {
        let folder = IndexDirectory()
        try folder.make((0..<5).map { RetrievalDocument(id: "d\($0)", title: "t", text: "asthma number \($0)") })
        let writer = try IndexWriter(directory: folder.path)
        writer.delete(id: "d3")
        try writer.commit()
        return folder
    }

    private func failure(of folder: IndexDirectory) -> RetrievalError? {
        do throws(RetrievalError) {
            _ = try RetrievalIndex(directory: folder.path)
            return nil
        } catch { return error }
    }

    @Test func everyTornLengthIsNoticed() throws {
        let folder = try index()
        let path = folder.path + "/000001.segment"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let description = failure(of: folder)?.description ?? "no error"
            #expect(description.hasPrefix(path), "\(length): \(description)")
        }
    }

    @Test func everyChangedByteIsNoticed() throws {
        let folder = try index()
        for name in try folder.files(".segment") + folder.files(".deleted") {
            let path = folder.path + "/" + name
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let content = [UInt8](whole)
            // The padding between sections says nothing.
            var unnoticed = 0
            for position in stride(from: 0, to: content.count, by: 3) {
                var changed = content
                changed[position] ^= 0x40
                try Data(changed).write(to: URL(fileURLWithPath: path))
                if let error = failure(of: folder) {
                    #expect(error.description.hasPrefix(path))
                } else {
                    unnoticed += 1
                }
            }
            #expect(unnoticed <= SegmentFormat.Section.allCases.count * 7)
            try whole.write(to: URL(fileURLWithPath: path))
        }
        #expect(failure(of: folder) == nil)
    }

    @Test(arguments: [".segment", ".deleted"]) func aMissingFileIsNamed(_ ending: String) throws {
        let folder = try index()
        let path = folder.path + "/" + (try #require(try folder.files(ending).first))
        try FileManager.default.removeItem(atPath: path)
        #expect(failure(of: folder) == .damaged(path: path, problem: "this file of the index is missing"))
    }

    @Test func anotherVersionIsNamed() throws {
        let folder = try index()
        let path = folder.path + "/000001.segment"
        var content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        content[8] = 9
        try Data(content).write(to: URL(fileURLWithPath: path))
        #expect(
            failure(of: folder) == .unknownVersion(path: path, found: "segment version 9", expected: "version 1"))
    }

    static let manifests: [(String, String)] = [
        ("", "manifest.json"), ("{}", "format"), (#"{"format":"medresearcher.index/2"}"#, "medresearcher.index/2"),
        (#"{"format":"medresearcher.index/1"}"#, "configuration"), ("[1,", "manifest.json"),
    ]

    @Test(arguments: manifests.indices) func aBrokenManifestIsNamed(_ number: Int) throws {
        let folder = try index()
        let (content, expected) = Self.manifests[number]
        try content.write(toFile: folder.path + "/manifest.json", atomically: true, encoding: .utf8)
        let description = failure(of: folder)?.description ?? ""
        #expect(
            description.hasPrefix(folder.path + "/manifest.json") && description.contains(expected), "\(description)")
    }

    @Test func aManifestCannotLeadOutOfItsDirectory() throws {
        let folder = try index()
        let path = folder.path + "/manifest.json"
        let content = try String(contentsOfFile: path, encoding: .utf8)
        try content.replacingOccurrences(of: "000001.segment", with: "../000001.segment")
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(failure(of: folder)?.description.contains("no plain name") == true)
    }

    @Test func twoSegmentsCannotBeExchanged() throws {
        let (folder, other) = (try index(), IndexDirectory())
        try other.make((0..<5).map { RetrievalDocument(id: "e\($0)", text: "gout") })
        let path = folder.path + "/000001.segment"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: other.path + "/000001.segment", toPath: path)
        #expect(
            failure(of: folder)
                == .damaged(path: path, problem: "this is another segment than the manifest names"))
    }

    @Test func nothingIsNoIndex() {
        #expect(failure(of: IndexDirectory()).map { if case .noIndex = $0 { true } else { false } } == true)
    }
}
