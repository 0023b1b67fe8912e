import FlyingFox
import FlyingSocks
import Foundation
import Storage
import Synchronization

/// Serves the Tinker API for base models that it trains and samples in this process.
///
/// One instance serves once: ``start()``, then ``stop()``.
public final class EmbeddedServer: Sendable {
    private struct Running {
        var http: HTTPServer
        var task: Task<Void, Never>
        var service: TinkerService
    }

    private enum State {
        case idle, starting
        case running(Running)
        case stopped
    }

    private let configuration: EmbeddedServerConfiguration
    private let loader: ModelLoader
    private let state = Mutex(State.idle)

    /// Checks the configuration; touches neither files nor sockets.
    public convenience init(configuration: EmbeddedServerConfiguration) throws(EmbeddedServerError) {
        try self.init(configuration: configuration) { try DecoderWeights.load(directory: $0) }
    }

    init(configuration: EmbeddedServerConfiguration, loader: @escaping ModelLoader) throws(EmbeddedServerError) {
        if configuration.apiKey.isEmpty { throw .noAPIKey }
        if configuration.models.isEmpty { throw .noModels }
        self.configuration = configuration
        self.loader = loader
    }

    /// Reads the base models, completes interrupted checkpoints, and listens.
    /// - Returns: The base URL, for example `http://127.0.0.1:40123`.
    public func start() async throws(EmbeddedServerError) -> String {
        let isFirst = state.withLock { state in
            guard case .idle = state else { return false }
            state = .starting
            return true
        }
        if !isFirst { throw .alreadyStarted }
        do {
            let service = try await makeService()
            let running = try await listen(service)
            let address = await running.http.listeningAddress
            state.withLock { $0 = .running(running) }
            guard case .ip4(let host, let port) = address else {
                guard case .ip6(let host, let port) = address else { return "" }
                return "http://[\(host)]:\(port)"
            }
            return "http://\(host):\(port)"
        } catch {
            state.withLock { $0 = .stopped }
            throw error
        }
    }

    /// Wakes waiting polls, closes every connection, and lets the running operation of each model end. Safe to call
    /// twice.
    public func stop() async {
        let running: Running? = state.withLock { state in
            defer { state = .stopped }
            if case .running(let running) = state { return running }
            return nil
        }
        guard let running else { return }
        running.service.closePromises()
        await running.http.stop(timeout: 0)
        await running.task.value
        await running.service.shutdown()
    }

    /// The state behind the API, with the models read; the tests drive it without HTTP.
    func makeService() async throws(EmbeddedServerError) -> TinkerService {
        let configuration = configuration
        let loader = loader
        let checkpoints = CheckpointStore(root: configuration.checkpointDirectory, now: configuration.now)
        do {
            try await BlockingWork.run { try checkpoints.recover() }
        } catch {
            throw .checkpointDirectory(path: configuration.checkpointDirectory, reason: String(describing: error))
        }
        let catalog: ModelCatalog
        do {
            catalog = try await BlockingWork.run {
                try ModelCatalog(configuration.models, renderers: configuration.renderers, loader: loader)
            }
        } catch {
            throw error as? EmbeddedServerError
                ?? .model(name: "", directory: "", reason: String(describing: error))
        }
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1000)
        let service = TinkerService(
            configuration: configuration, catalog: catalog, checkpoints: checkpoints, loader: loader,
            epoch: String(milliseconds, radix: 36))
        await service.begin()
        return service
    }

    private func listen(_ service: TinkerService) async throws(EmbeddedServerError) -> Running {
        let (host, port) = (configuration.host, configuration.port)
        let address: any SocketAddress
        do {
            address =
                host.contains(":")
                ? try sockaddr_in6.inet6(ip6: host, port: port) : try sockaddr_in.inet(ip4: host, port: port)
        } catch {
            throw .listen(host: host, port: port, reason: "not a numeric address")
        }
        let router = RequestRouter(
            service: service, apiKey: configuration.apiKey, maximumRequestBytes: configuration.maximumRequestBytes)
        let adapter = HTTPAdapter(router: router, maximumRequestBytes: configuration.maximumRequestBytes)
        let http = Self.makeHTTPServer(address, handler: adapter)
        let failure = ListeningFailure()
        let task = Task {
            do { try await http.run() } catch { failure.reason.withLock { $0 = error.localizedDescription } }
        }
        while await !http.isListening {
            if let reason = failure.reason.withLock({ $0 }) {
                throw .listen(host: host, port: port, reason: reason)
            }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return Running(http: http, task: task, service: service)
    }
}

extension EmbeddedServer {
    /// Bodies up to this many bytes are read at once; larger ones as a sequence of pieces.
    private static let readSize = 1 << 16
    /// Longer than any long poll; FlyingFox answers 500 when a handler takes longer.
    private static let handlerTimeout: TimeInterval = 3600

    private static func makeHTTPServer(_ address: some SocketAddress, handler: HTTPAdapter) -> HTTPServer {
        HTTPServer(
            config: .init(
                address: address, timeout: handlerTimeout, sharedRequestBufferSize: readSize,
                sharedRequestReplaySize: readSize, pool: NoDelayPool(), logger: .disabled),
            handler: handler)
    }

    /// Why the server's task ended, told to the one who waits for it to listen.
    private final class ListeningFailure: Sendable {
        let reason = Mutex<String?>(nil)
    }
}
