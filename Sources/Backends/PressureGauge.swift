import Synchronization

/// Counts what a backend does to be asked less; shared by all samplers of one connection.
final class PressureGauge: Sendable {
    private let state = Mutex(SamplerPressure.none)

    var pressure: SamplerPressure { state.withLock { $0 } }

    /// The server has refused a request for now, which therefore waits that long.
    func refused(waiting pause: Duration) {
        state.withLock { state in
            state.refusals += 1
            state.pausedSeconds += max(0, pause / .seconds(1))
        }
    }
}
