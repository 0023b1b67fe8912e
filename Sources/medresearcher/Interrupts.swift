import Dispatch
import Foundation
import Reporting
import Training

/// Turns the first SIGINT or SIGTERM into a stop signal, and ends the program at the second.
final class Interrupts {
    let stop = StopSignal()
    private let sources: [any DispatchSourceSignal]

    init() {
        let stop = stop
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if stop.isRequested { Foundation.exit(130) }
                stop.request()
                Terminal.writeToStandardError("\nstopping after the current step; once more to stop at once\n")
            }
            source.resume()
            return source
        }
    }
}
