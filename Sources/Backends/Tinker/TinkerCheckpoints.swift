import Foundation
import Primitives

/// The checkpoints that a Tinker API server keeps: what there is, what it is made of, and its deletion.
///
/// Paths are those of ``TinkerTrainer/saveState(named:)`` and ``TinkerTrainer/saveSampler(named:lifetime:)``:
/// `tinker://RUN/weights/NAME` and `tinker://RUN/sampler_weights/NAME`. Servers lack some of these requests; what they lack
/// is a ``BackendError/rejected(url:status:detail:)`` with status 404 or 405.
public struct TinkerCheckpoints: Sendable {
    private let session: TinkerSession

    init(session: TinkerSession) { self.session = session }

    /// One checkpoint in a listing.
    public struct Entry: Sendable, Equatable {
        public enum Kind: String, Sendable, Equatable {
            case training, sampler, external
        }

        /// `weights/NAME` or `sampler_weights/NAME`.
        public var identifier: String
        /// `nil` for a kind that is not known here.
        public var kind: Kind?
        /// As the server writes it (ISO 8601).
        public var time: String?
        public var path: String?
        public var bytes: Int?
        public var isPublic: Bool
        /// When the server deletes it, as the server writes it; `nil` where it keeps it.
        public var expiry: String?
    }

    /// What a checkpoint is made of.
    public struct Information: Sendable, Equatable {
        public var baseModel: String
        public var isLoRA: Bool
        public var loraRank: Int?
    }

    /// What a sampler is made of.
    public struct SamplerInformation: Sendable, Equatable {
        public var identifier: String
        public var baseModel: String
        /// `nil` for the untrained model.
        public var modelPath: String?
    }

    /// The checkpoints of one model, by the server's name for it.
    public func list(ofModel model: String) async throws(BackendError) -> [Entry] {
        try entries(try await send("GET", "training_runs/\(Self.escaped(model))/checkpoints", "ListCheckpoints"))
    }

    /// All checkpoints that the key gives access to.
    public func list() async throws(BackendError) -> [Entry] {
        var all: [Entry] = []
        while true {
            let answer = try await send("GET", "checkpoints?limit=100&offset=\(all.count)", "ListCheckpoints")
            let page = try entries(answer)
            all += page
            // A server without pages sends everything, and no cursor.
            guard let total = answer.value["cursor"]?["total_count"]?.integerValue, !page.isEmpty, all.count < total
            else { return all }
        }
    }

    public func information(of path: String) async throws(BackendError) -> Information {
        let answer = try await send("POST", "weights_info", "WeightsInfo", ["tinker_path": .string(path)])
        guard let base = answer.value["base_model"]?.stringValue else {
            throw answer.result.garbage("an object with the string `base_model`", answer.value)
        }
        return Information(
            baseModel: base, isLoRA: answer.value["is_lora"]?.boolValue ?? false,
            loraRank: answer.value["lora_rank"]?.integerValue)
    }

    /// What the server says of a sampler, by its sampling session.
    public func sampler(_ samplingSession: String) async throws(BackendError) -> SamplerInformation {
        let answer = try await send("GET", "samplers/\(Self.escaped(samplingSession))", "GetSampler")
        guard let base = answer.value["base_model"]?.stringValue else {
            throw answer.result.garbage("an object with the string `base_model`", answer.value)
        }
        return SamplerInformation(
            identifier: answer.value["sampler_id"]?.stringValue ?? samplingSession, baseModel: base,
            modelPath: answer.value["model_path"]?.stringValue)
    }

    /// Deletes a checkpoint for ever. One that is gone already is no error.
    public func delete(_ path: String) async throws(BackendError) {
        let call = TinkerCall(path: try Self.place(of: path), method: "DELETE", requestType: "DeleteCheckpoint")
        do throws(BackendError) {
            try await session.wire.acknowledge(call)
        } catch {
            // After a repetition this is what a success looks like; what was never there is not to be had either.
            if case .rejected(_, 410, _) = error { return }
            throw error
        }
    }

    /// Lets the server delete a checkpoint after a time, or, with `nil`, keep it.
    public func setLifetime(_ lifetime: Duration?, of path: String) async throws(BackendError) {
        let seconds: JSONValue = lifetime.map { .integer($0.components.seconds) } ?? .null
        let body: JSONValue = ["ttl_seconds": seconds]
        try await session.wire.acknowledge(
            TinkerCall(
                path: try Self.place(of: path) + "/ttl", method: "PUT", body: body.serialized(),
                requestType: "SetCheckpointTTL"))
    }

    // MARK: Requests

    private struct Answer {
        let value: JSONValue
        let result: TinkerResult
    }

    private func send(
        _ method: String, _ path: String, _ requestType: String, _ body: JSONValue? = nil
    ) async throws(BackendError) -> Answer {
        let call = TinkerCall(
            path: path, method: method, body: body?.serialized() ?? [], requestType: requestType)
        let value = try await session.wire.send(call)
        return Answer(value: value, result: TinkerResult(value: value, call: call, wire: session.wire))
    }

    private func entries(_ answer: Answer) throws(BackendError) -> [Entry] {
        guard let items = answer.value["checkpoints"]?.arrayValue else {
            throw answer.result.garbage("an object with the array `checkpoints`", answer.value)
        }
        return try items.map { (item) throws(BackendError) in
            guard let identifier = item["checkpoint_id"]?.stringValue else {
                throw answer.result.garbage("checkpoints with the string `checkpoint_id`", item)
            }
            return Entry(
                identifier: identifier, kind: item["checkpoint_type"]?.stringValue.flatMap(Entry.Kind.init),
                time: item["time"]?.stringValue, path: item["tinker_path"]?.stringValue,
                bytes: item["size_bytes"]?.integerValue, isPublic: item["public"]?.boolValue ?? false,
                expiry: item["expires_at"]?.stringValue)
        }
    }

    /// `training_runs/RUN/checkpoints/weights/NAME` for `tinker://RUN/weights/NAME`.
    static func place(of path: String) throws(BackendError) -> String {
        let scheme = "tinker://"
        let parts = path.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix(scheme), parts.count >= 2, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else {
            throw .invalidRequest(
                detail: "\(path) is no path of a checkpoint; tinker://RUN/weights/NAME or "
                    + "tinker://RUN/sampler_weights/NAME was expected")
        }
        let rest = parts.dropFirst().map { escaped(String($0)) }.joined(separator: "/")
        return "training_runs/\(escaped(String(parts[0])))/checkpoints/\(rest)"
    }

    private static func escaped(_ part: String) -> String {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "/;?#%")
        return part.addingPercentEncoding(withAllowedCharacters: allowed) ?? part
    }
}
