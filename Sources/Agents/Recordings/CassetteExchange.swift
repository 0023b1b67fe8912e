import Storage
import Transport

/// Answers from a cassette, and asks another exchange where its mode says so.
public struct CassetteExchange: SourceExchange {
    private let cassette: Cassette
    private let live: (any SourceExchange)?

    /// - Parameter live: needed unless the cassette is only replayed.
    public init(_ cassette: Cassette, live: (any SourceExchange)? = nil) {
        self.cassette = cassette
        self.live = live
    }

    public func send(
        _ request: SourceRequest, _ limits: ExchangeLimits
    ) async throws(SourceExchangeError) -> HTTPResponse {
        if cassette.mode != .record, let answer = await cassette.answer(to: request) {
            guard answer.body.count <= limits.maximumBytes else {
                throw .transport(.tooLarge(url: RedactedURL.text(request.url), limit: limits.maximumBytes))
            }
            return answer
        }
        guard cassette.mode != .replay, let live else {
            throw .notRecorded(await cassette.absence(of: request))
        }
        let response = try await live.send(request, limits)
        // What passes by itself is not worth remembering: it would fail every replay.
        if !Self.isTransient(response.status) {
            do throws(StorageError) { try await cassette.keep(response, of: request) } catch {
                throw .notKept("the answer could not be written into the recording")
            }
        }
        return response
    }

    private static func isTransient(_ status: Int) -> Bool {
        status == 408 || status == 425 || status == 429 || status >= 500
    }
}
