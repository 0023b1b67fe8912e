/// A response whose body is still arriving.
///
/// The transfer runs only as far ahead of the reader as the buffer allows. It is stopped when the stream and its iterators
/// are gone, or when a task that waits for the next bytes is cancelled.
public struct HTTPStream: Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    /// The body as it arrives, in pieces whose boundaries mean nothing. To be read once.
    public let chunks: Chunks

    /// The first header of that name, compared without regard to case.
    public func header(_ name: String) -> String? { headers[name] }

    /// Whether the status is 2xx.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// The rest of the body, as the description of an error that came instead of a stream; bounded by the request's
    /// `maximumResponseBytes`.
    public func collect() async throws(TransportError) -> [UInt8] {
        var body: [UInt8] = []
        let iterator = chunks.makeAsyncIterator()
        while let chunk = try await iterator.read() { body += chunk }
        return body
    }

    public struct Chunks: AsyncSequence, Sendable {
        public typealias Element = [UInt8]
        public typealias Failure = TransportError

        let reader: StreamReader

        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }

        public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
            let reader: StreamReader

            public mutating func next() async throws -> [UInt8]? { try await read() }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(TransportError) -> [UInt8]? { try await read() }

            func read() async throws(TransportError) -> [UInt8]? { try await reader.next() }
        }
    }
}

/// The reader's end of a stream. Its disappearance cancels the transfer.
final class StreamReader: Sendable {
    private let client: HTTPClient
    private let loop: TransferLoop
    private let transfer: Transfer
    let buffer: StreamBuffer

    init(client: HTTPClient, loop: TransferLoop, transfer: Transfer, buffer: StreamBuffer) {
        (self.client, self.loop, self.transfer, self.buffer) = (client, loop, transfer, buffer)
    }

    deinit { loop.cancel(transfer) }

    func next() async throws(TransportError) -> [UInt8]? {
        let (loop, transfer, buffer) = (loop, transfer, buffer)
        let delivery = await withTaskCancellationHandler {
            await withCheckedContinuation { buffer.next($0) }
        } onCancel: {
            loop.cancel(transfer)
        }
        switch delivery {
        case .bytes(let bytes, let mustResume):
            if mustResume { loop.resume(transfer) }
            return bytes
        case .end(nil):
            return nil
        case .end(let error?):
            throw error
        }
    }
}
