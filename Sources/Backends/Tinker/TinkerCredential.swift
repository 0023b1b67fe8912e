import Foundation
import Primitives
import Synchronization

/// What a server is shown as proof of identity: the API key, or the short-lived token that it was exchanged for.
///
/// Invariant: at most one exchange is under way, whoever asks for it; requests meanwhile go out with the old token.
final class TinkerCredential: Sendable {
    private struct State {
        var current: String?
        var exchanges = false
        /// When half of the token's life is over.
        var renewal: ContinuousClock.Instant?
    }

    private let key: String?
    private let state: Mutex<State>
    private let turn = AsyncSemaphore(permits: 1)

    init(key: String?) {
        self.key = key
        state = Mutex(State(current: key))
    }

    /// What goes into `X-API-Key`.
    var current: String? { state.withLock { $0.current } }

    /// Whether a token is in use that should be renewed by now.
    var isDue: Bool {
        state.withLock { state in state.renewal.map { $0 <= .now } ?? false }
    }

    /// Gets a new token, unless another task has replaced `stale` meanwhile.
    /// - Parameter exchange: sends the API key, which it is given, and returns the token.
    /// - Returns: `false` where no tokens are in use, so that the key itself was refused.
    func renew(
        replacing stale: String?, isFirst: Bool = false,
        exchange: (String?) async throws(BackendError) -> String
    ) async throws(BackendError) -> Bool {
        guard isFirst || state.withLock({ $0.exchanges }) else { return false }
        guard await turn.acquire() else { throw .cancelled(operation: "auth/token") }
        defer { turn.release() }
        if !isFirst, current != stale { return true }
        // Where the exchange fails nobody should try again at once for a renewal that is merely early.
        state.withLock { state in state.renewal = state.renewal.map { _ in .now.advanced(by: .seconds(30)) } }
        let token = try await exchange(key)
        state.withLock { state in
            state.exchanges = true
            state.current = token
            state.renewal = Self.lifetime(of: token).map { .now.advanced(by: $0 / 2) }
        }
        return true
    }

    /// How long a JSON web token is valid from now on; `nil` for anything else, which is renewed when it is refused.
    static func lifetime(of token: String, now: Date = Date()) -> Duration? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let data = Data(base64Encoded: text), let claims = try? JSONValue.parse([UInt8](data)),
            let expiry = claims["exp"]?.doubleValue, expiry.isFinite
        else { return nil }
        return .seconds(min(max(0, expiry - now.timeIntervalSince1970), 1e9))
    }
}
