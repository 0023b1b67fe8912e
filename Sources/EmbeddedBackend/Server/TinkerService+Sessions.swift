import Primitives

/// Sessions: making, keeping alive, ending.
///
/// Invariant: a session that is over has neither models nor sampling sessions, and ``endedWith`` knows those it had.
extension TinkerService {
    func createSession(_ body: JSONValue) -> JSONValue {
        let id = newID("session")
        var session = Session()
        session.displayName = body["display_name"]?.stringValue
        session.userMetadata = body["user_metadata"] ?? .null
        sessions[id] = session
        return [
            "type": "create_session", "session_id": .string(id), "info_message": .null, "warning_message": .null,
            "error_message": .null,
        ]
    }

    func heartbeat(_ body: JSONValue) throws(ServiceError) -> JSONValue {
        _ = try openSession(body)
        return ["type": "session_heartbeat"]
    }

    /// Ends a session at its client's wish.
    func finishSession(_ id: String) async throws(ServiceError) -> JSONValue {
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        if session.ending == nil { await endSession(id, because: "is finished") }
        return [:]
    }

    /// The id of the request's session, which must exist and not be over. A sign of life.
    func openSession(_ body: JSONValue) throws(ServiceError) -> String {
        let id = try ServiceError.reading { () throws(JSONError) in try body.string(at: "session_id") }
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        if let ending = session.ending { throw .gone("session \(id) \(ending); create another one") }
        noteLife(of: id)
        return id
    }

    func listSessions(_ page: Page) -> JSONValue {
        let ids = sessions.keys.sorted { ($0.count, $0) < ($1.count, $1) }
        return ["sessions": .array(page.cut(ids).map(JSONValue.string))]
    }

    func sessionInformation(_ id: String) throws(ServiceError) -> JSONValue {
        guard let session = sessions[id] else { throw .unknown("session \(id) is unknown to this server") }
        return [
            "training_run_ids": .array(session.modelIDs.map(JSONValue.string)),
            "sampler_ids": .array(session.samplers.sorted { $0.key < $1.key }.map { .string($0.value.id) }),
            "user_metadata": session.userMetadata, "display_name": session.displayName.map(JSONValue.string) ?? .null,
        ]
    }

    // MARK: Life

    /// Records that a session's client was heard.
    func noteLife(of session: String?) {
        guard let session, sessions[session]?.ending == nil else { return }
        sessions[session]?.wasHeard = true
    }

    /// Counts the time since the last call as silence of every session that was not heard in it and for which nothing is
    /// being computed, and ends those that have been silent for too long.
    func endSilentSessions(after elapsed: Duration) async {
        let limit = configuration.sessionTimeout
        let busy = Set(models.values.filter(\.isDraining).map(\.sessionID))
        var silent: [String] = []
        for (id, session) in sessions where session.ending == nil {
            let isAlive = session.wasHeard || session.drawCount > 0 || busy.contains(id)
            let silence = isAlive ? .zero : session.silence + max(elapsed, .zero)
            sessions[id]?.wasHeard = false
            sessions[id]?.silence = silence
            if silence >= limit { silent.append(id) }
        }
        let text =
            "was ended and its models were freed, because nothing was heard of its client for \(Self.words(limit))"
        // One that was heard while another was ended lives on.
        for id in silent.sorted() where sessions[id]?.wasHeard == false { await endSession(id, because: text) }
    }

    /// Frees a session's models and sampling sessions.
    private func endSession(_ id: String, because ending: String) async {
        guard let session = sessions[id] else { return }
        sessions[id]?.ending = ending
        sessions[id]?.models = [:]
        sessions[id]?.samplers = [:]
        for sampler in session.samplers.values {
            endedWith[sampler.id] = id
            await closeSamplingSession(sampler.id)
        }
        let ended = models.values.filter { $0.sessionID == id }.map(\.id).sorted()
        for model in ended { endedWith[model] = id }
        for model in ended { await close(model) }
    }

    /// What to say of an id that nothing has: that it went with its session, or that it was never there.
    ///
    /// - Parameter name: what the id names, and the id.
    func missing(_ id: String, _ name: String) -> ServiceError {
        guard let session = endedWith[id], let ending = sessions[session]?.ending else {
            return .unknown("\(name) is unknown to this server")
        }
        return .gone("\(name) is gone: its session \(session) \(ending); create another one")
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        let (hours, minutes) = (seconds / 3600, seconds / 60)
        if hours > 0, seconds % 3600 == 0 { return "\(hours) h" }
        if minutes > 0, seconds % 60 == 0 { return "\(minutes) min" }
        return "\(duration)"
    }
}
