import Foundation
import Storage
import Testing

@Suite struct ByteStreamTests {
    /// Made by Python's zlib and gzip; the digests are of what went in.
    struct Fixture: Sendable, CustomTestStringConvertible {
        var name: String
        var digest: String
        var base64: String

        var testDescription: String { name }
        var bytes: [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }
    }

    static let fixtures: [Fixture] = [
        .init(
            name: "stored", digest: "8fd9c65e66d533e30d28032dc60bb2606f21d39480b65d75fc1ad16c06442e46",
            base64: """
                H4sIAAAAAAAEAwEXAOj/U21hbGwgdGV4dCwgc21hbGwgdGV4dC4oPZEwFwAAAA==
                """),
        .init(
            name: "fixed", digest: "8fd9c65e66d533e30d28032dc60bb2606f21d39480b65d75fc1ad16c06442e46",
            base64: """
                H4sIAAAAAAACAwvOTczJUShJrSjRUSiGs/UAKD2RMBcAAAA=
                """),
        .init(
            name: "withName", digest: "8fd9c65e66d533e30d28032dc60bb2606f21d39480b65d75fc1ad16c06442e46",
            base64: """
                H4sICAAAAAAC/25hbWUudHh0AAvOTczJUShJrSjRUSiGs/UAKD2RMBcAAAA=
                """),
        .init(
            name: "dynamic", digest: "03fc741f59ea7f4632eb42d37e692adbe1d5d6a3a1750ad7428e15761ef2a27b",
            base64: """
                H4sIAAAAAAACA41W207EQAh95yv6CV6+qMbqmhg12T759bYwcGCAVM3O7ky5HODAdL9ty8Pj0/Oyfv7c1oVk405+3d842lWHl++3\
                5X372mQRAT0/Bc/P68d9W+9DKRg8hMKeJYI4m9UT9aX7l21f5QSyQBbgnTgGpN6j8xOETi0ye1mfFwajFsh+AZQkpwKpssEygvM5\
                5NMQGRV5FVeyHnKl/X9u2CEBSC+JLCQ5BWCIWgmKFT7l+ODQoVGHqjo5BU2VWg60+TPMHNrxzeI0zh1l9JH8ZNSoVhmsxGMpI42e\
                zLw9y0YGjJSK8xOxOVMz0x18NLerNoWsFSMhc2Uuj/M+974OHZc859TC5tqjHRJBglnkncI4y0JJ1RySYIpZHBOkLGQyA7RuJLop\
                UHE4tHiGS/xfutfklXAiCyzyMvqySi3QayJke2G4g1MYZkGa5nHJ29JgvhiggKVhcSh4IDtzrwyYn4CfflKFVpuwoM2E9VoL08dC\
                ZtAVeu5cQuFaNvY3V38XFpOlqpC2cJqGsKPe50rH9whz0NxdZQwhcWamAOgs1zfULODUrjs+cz8XH3WfWeQeazZlCvYvQtMwLBHO\
                3807RzkLyPmkvufjaPFrzq1LcGhZtFHkCVUa3cWSuawTqICD5qY8b3JDoE1zJn0S8frTjCJHKdf3ur9+L/Zo/wA1N5deuAsAAA==
                """),
        .init(
            name: "huffmanOnly", digest: "31c2e6e88bba4aaf5f1dc4f14e449457bafacea5a5bd002145bafa8a3ae6d928",
            base64: """
                H4sIAAAAAAACAwXBwQ3EIBAEwf9FMSGwENFaHoMlC1uCV0d/VXtYJWpTPt9I/VSiNpWoTfl8IwUAAKB8vpHawypRm0rUpvdS97S6\
                p5XPN1IlatN7aQ9rD+u8l3NZJWoTAACA3ksAAAAqUZvOezmXVaI2dU/rvJdzWe+l7mmd93Iu6/BOdU+rRG3qnlaJ2lSiNpWoTe+l\
                7mntYb2X9rAAAABUojad93Iu67yXc1nvJQAAAO1h/VSiNr2XAAAAVKI2lahNh3fqvJdzWT+d93Iuq3taJWpTPt9IdU+rRG0qUZtK\
                1KbzXs5lAQAA6PBOdU9rD+u8l3NZh3eqRG16L3VP66cStQkAAED5fCOVzzdS76XzXs5lAQAACAAAQAAAAAIAANDhnfqpe1p7WAAA\
                AAIAAFCJ2nR4p/b4AzNgMhhYAgAA
                """),
        .init(
            name: "longCodes", digest: "bf12d6e7cdd8e0f2d6af6ada7eec3bfe90dd5675be921ff4ab308d04d3f1d020",
            base64: """
                H4sIAAAAAAACAwXBgYEDMQzDsNm+7V1iS+T+4zzQiR1ELVC627BiQaRytb59sCoudkRBxcUqamEtmKPGgG0wY1VRqqpaK+Ade4bb\
                qm2NVdTVwEF2ewLoUo7vT2IF8BLfHrDuvVbBVrydYv+UjZUIqv7oHR2P9hBpsVYxRjHl0laSFUtq9aWgIzqNsMEWUSsGJZ2NzR6t\
                vqKKACYghTbghKQIgHkBRQfk+TYXhkStoUMBtRrLaLgWFmn0cu/QVtQ1jK6mYRGdJUbx3nowVj8iLdNWGFyVCFXtAOpqoQXEamvZ\
                xVV2eKp2ZcHJjeoiFE1WRJXroxtV1U0evpKFAotuQOtwpFZZ1VB0FJOaEjW2Rq0aOcuWTtc1awWVRhVQFduAUaV4g9o0NbjRvtpt\
                D6EUFaxpsFVVgK4qrboo6qqs1TB2LQ6YVY36Q9fUd7rqClZMd7G5xhYNU4mj1KCE3NZB/gHlOmYR2gMAAA==
                """),
        .init(
            name: "beyondTheWindow", digest: "7d3e2d19b096de21e881fedacb38fe0741c3100edb2102c8b8040f50a143e8bb",
            base64: """
                H4sIAAAAAAACA+3NWwrCMBAF0H9XkSX4WFGKoxVEhfbL1WuTRpotyDmQwFxuJvMYaX84nlK+v8acdnXYJO+NNZrbm3I9L+kaj6hX\
                LbR8KS7nfJsiT+ujbuG31M2l0dXL2pa0v9o8xJzXjwEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAA4I/MY6T94XhK+f4ac9rVYZO8N9bo96Zcz0u6xiPqVQstX4rLOd+myNP6qFv4LXVzaXT1srYl\
                7a82DzHnmgwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
                AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAPBH\
                5jHS/nA8pXx/jTnt6rBJ3htr9HtTruclXeMR9aqFli/F5ZxvU+RpfdQt/Ja6uTS6elnbkvZXm4eYc00++H5mOhgqCQA=
                """),
        .init(
            name: "twoMembers", digest: "5bf68e0945cc8967b6933c4f87083b7212f3664826496ee9db9372ce7073794a",
            base64: """
                H4sIAAAAAAAEAwEXAOj/U21hbGwgdGV4dCwgc21hbGwgdGV4dC4oPZEwFwAAAB+LCAAAAAAAAgONUFEKhTAM++8pdoSnnmhidYKo\
                4L48va5d7YoT3mBlDWmSNQZ0v6btnF/24B1wUyBncTIUZYbKNroJV+TCBMETMd1hPtAfecgI3iTTE8PQSVYQ8ZK+x+gZUa4mM/FS\
                jhzp27HwMaQ0BY/ee54KhREFeF4aipdTCylco6yfK3dIqPkZVPbKVlxvXlX/z4YMQYN8M3ULMVwzYDIYWAIAAA==
                """),
    ]

    private func content(_ bytes: [UInt8], name: String) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/" + name
        try FileStore.writeAtomically(bytes, to: path)
        let stream = try ByteStream(path: path)
        var content: [UInt8] = []
        while let piece = try stream.next() {
            #expect(!piece.isEmpty)
            content += piece
        }
        return content
    }

    @Test(arguments: fixtures) func decompressesGzip(_ fixture: Fixture) throws {
        #expect(SHA256.hex(try content(fixture.bytes, name: "x.gz")) == fixture.digest)
    }

    @Test(arguments: fixtures) func noticesThatGzipIsCutOff(_ fixture: Fixture) throws {
        for length in [1, 9, fixture.bytes.count / 2, fixture.bytes.count - 1] where fixture.name != "twoMembers" {
            let cut = Array(fixture.bytes[..<length])
            #expect(throws: StorageError.self) { try content(cut, name: "x.gz") }
        }
    }

    @Test(arguments: fixtures) func noticesThatGzipIsDamaged(_ fixture: Fixture) throws {
        // Every byte behind the header's time is covered by the checksum, the length or the code itself.
        for index in stride(from: 10, to: fixture.bytes.count, by: 1 + fixture.bytes.count / 40)
        where fixture.name != "withName" && fixture.name != "twoMembers" {
            var damaged = fixture.bytes
            damaged[index] ^= 0x10
            let result = Result { try content(damaged, name: "x.gz") }
            if case .success(let bytes) = result { #expect(SHA256.hex(bytes) == fixture.digest) }
        }
    }

    @Test func gzipErrorsNameTheFile() throws {
        let error = try #require(throws: StorageError.self) { try content(Array("plain text".utf8), name: "x.gz") }
        #expect("\(error)".contains("x.gz: gzip data, byte 2"), "\(error)")
        #expect(throws: StorageError.self) { try content([], name: "x.gz") }
    }

    @Test(arguments: [0, 1, 1 << 18, 700_001]) func decompressesZstandardInPieces(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let compressed = Zstandard.compress(bytes)
        #expect(try content(compressed, name: "x.zst") == bytes)
        #expect(try content(compressed + compressed, name: "x.zst") == bytes + bytes)
        #expect(try content(bytes, name: "x") == bytes)
        #expect(throws: StorageError.self) { try content(Array(compressed.dropLast(3)), name: "x.zst") }
    }

    @Test func zstandardErrorsNameTheFile() throws {
        let error = try #require(throws: StorageError.self) { try content(Array("plain text".utf8), name: "x.zst") }
        #expect("\(error)".contains("x.zst: this is not valid zstd data near byte"), "\(error)")
    }
}
