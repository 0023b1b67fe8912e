import Foundation
import Testing

@testable import Transport

/// Drives a real TLS server, `openssl s_server`, with a certificate made for the test.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs /usr/bin/openssl"))
struct TLSTests {
    private static let openssl = "/usr/bin/openssl"

    /// A running server; `certificate` is the path of its self-signed certificate for 127.0.0.1.
    private struct Server {
        let process: Process
        let port: UInt16
        let directory: String
        var certificate: String { directory + "/certificate.pem" }

        init() async throws {
            directory = NSTemporaryDirectory() + "medresearcher-tls-\(ProcessInfo.processInfo.globallyUniqueString)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let (certificate, key) = (directory + "/certificate.pem", directory + "/key.pem")
            let maker = Self.command([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                maker.terminationHandler = { _ in continuation.resume() }
                do { try maker.run() } catch { continuation.resume(throwing: error) }
            }
            port = try ScriptedServer.unusedPort()
            process = Self.command([
                "s_server", "-www", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key,
            ])
            try process.run()
            let plain = HTTPClient()
            let probe = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/", timeout: .seconds(1))
            for _ in 0..<500 {
                do throws(TransportError) {
                    _ = try await plain.send(probe)
                    return
                } catch {
                    guard case .unreachable = error else { return }
                }
                try await Task.sleep(for: .milliseconds(10))
            }
        }

        func stop() {
            // A process that a worker thread starts inherits its mask, which blocks the signal of `terminate()`.
            kill(process.processIdentifier, SIGKILL)
            try? FileManager.default.removeItem(atPath: directory)
        }

        private static func command(_ arguments: [String]) -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: openssl)
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            return process
        }
    }

    @Test func refusesACertificateOfAnUnknownAuthority() async throws {
        let server = try await Server()
        defer { server.stop() }
        do throws(TransportError) {
            _ = try await HTTPClient().send(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"))
            Issue.record("the certificate was accepted")
        } catch {
            guard case .tls = error else {
                Issue.record("unexpected \(error)")
                return
            }
        }
    }

    @Test func acceptsACertificateOfAGivenAuthority() async throws {
        let server = try await Server()
        defer { server.stop() }
        let client = HTTPClient(configuration: HTTPClientConfiguration(certificateAuthorities: server.certificate))
        let response = try await client.send(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"))
        #expect(response.status == 200)
    }

    @Test func refusesACertificateForAnotherHost() async throws {
        let server = try await Server()
        defer { server.stop() }
        let client = HTTPClient(configuration: HTTPClientConfiguration(certificateAuthorities: server.certificate))
        do throws(TransportError) {
            _ = try await client.send(HTTPRequest(method: "GET", url: "https://localhost:\(server.port)/"))
            Issue.record("the certificate was accepted")
        } catch {
            guard case .tls = error else {
                Issue.record("unexpected \(error)")
                return
            }
        }
    }
}
