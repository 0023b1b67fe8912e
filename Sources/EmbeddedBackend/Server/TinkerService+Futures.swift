import Primitives

/// Results of promises, one by one and in bulk.
extension TinkerService {
    /// Results of more bytes are announced first, to clients that want to make room for them.
    private static let announcedByteCount = 1 << 20

    /// `retrieve_future`.
    nonisolated func retrieve(_ body: JSONValue, protobuf: Bool) async throws(ServiceError) -> ServerResponse {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "request_id") }
        let wantsAnnouncement = body["allow_metadata_only"]?.boolValue ?? false
        let lookup = await promises.result(
            of: id, waitingAtMost: configuration.longPollDuration,
            sizeLimit: wantsAnnouncement ? Self.announcedByteCount : .max)
        switch lookup {
        case .result(let result): return result.response(protobuf: protobuf)
        case .large(let byteCount):
            return Self.answer(["status": "complete_metadata", "response_payload_size": .integer(byteCount)])
        case .pending:
            return Self.answer(["type": "try_again", "request_id": .string(id), "queue_state": "active"])
        case .expired: throw .gone("the result of request \(id) was fetched and has been dropped since")
        case .unknown: throw .unknown("request \(id) is unknown to this server; was it restarted?")
        }
    }

    private static func answer(_ body: JSONValue) -> ServerResponse { ServerResponse(body: body.serialized()) }

    /// `retrieve_futures`: what has finished in a sampling session since a cursor.
    nonisolated func retrieveFinished(_ body: JSONValue) async throws(ServiceError) -> JSONValue {
        guard let target = body["target"], target["type"]?.stringValue ?? "sampling_session" == "sampling_session",
            let session = target["sampling_session_id"]?.stringValue
        else { throw .invalid("`target` should name a sampling_session by its `sampling_session_id`") }
        try target.refuseUnknownMembers(["type", "sampling_session_id", "cloned_sampler_id"], path: "target")
        _ = try await samplingSession(session)
        let retrieved = body["retrieved_request_ids"]?.arrayValue ?? []
        promises.drop(retrieved.compactMap(\.stringValue))
        var limit = configuration.longPollDuration
        if let timeout = body["timeout"], timeout != .null {
            guard let seconds = timeout.doubleValue, seconds >= 0, seconds <= 3600 else {
                throw .invalid("`timeout` is \(timeout.text); expected seconds from 0 to 3600")
            }
            limit = min(limit, .seconds(seconds))
        }
        let key = CompletionBoard.Key(session: session, clone: target["cloned_sampler_id"]?.integerValue ?? 0)
        let cursor = body["prev_cursor"]?.integerValue ?? 0
        let (events, next) = await completions.events(of: key, after: cursor, waitingAtMost: limit)
        return [
            "completions": .array(
                events.map { event in
                    guard let byteCount = event.byteCount else {
                        return ["state": "failed", "request_id": .string(event.promise)]
                    }
                    return [
                        "state": "finished", "request_id": .string(event.promise),
                        "response_payload_uncompressed_size": .integer(byteCount),
                    ]
                }), "cursor": .integer(next),
        ]
    }

    /// `cancel_future`: ends sampling whose result nobody wants. Anything else runs on.
    nonisolated func cancel(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        cancellations.cancel(try ServiceError.reading { () throws(JSONError) in try body.string(at: "request_id") })
        return [:]
    }
}
