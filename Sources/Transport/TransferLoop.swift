import CCurl
import Foundation
import Synchronization

/// The thread that drives libcurl.
///
/// Other threads only append commands and wake it. Invariants: the multi handle and every ``Transfer`` handed to
/// ``start(_:)`` are touched by the thread alone; each transfer's continuation is resumed exactly once, at the latest when
/// the loop ends; the handle lives until `isOpen` is false, so that a wake-up never meets a freed handle.
final class TransferLoop: Sendable {
    private enum Command {
        case start(Transfer)
        case cancel(Transfer)
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isOpen = true
    }

    /// A libcurl handle on its way to the loop's thread.
    private struct MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer?
    }

    private static let isLibraryReady = ccurl_global_init() == CURLE_OK

    private let mailbox = Mutex(Mailbox())
    private let multi: MultiHandle
    private let configuration: HTTPClientConfiguration

    init(configuration: HTTPClientConfiguration) {
        self.configuration = configuration
        multi = MultiHandle(pointer: Self.isLibraryReady ? curl_multi_init() : nil)
        guard let handle = multi.pointer else {
            mailbox.withLock { $0.isOpen = false }
            return
        }
        ccurl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnections)
        ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, configuration.maximumConnections)
        let thread = Thread { self.run() }
        thread.name = "medresearcher.http"
        thread.start()
    }

    func start(_ transfer: Transfer) {
        if !post(.start(transfer)) { transfer.finish(.failure(.cancelled(url: transfer.shownURL))) }
    }

    /// Stops a transfer that was started or is about to be.
    func cancel(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .sequentiallyConsistent)
        _ = post(.cancel(transfer))
    }

    func shutdown() {
        mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return }
            mailbox.isOpen = false
            curl_multi_wakeup(multi.pointer)
        }
    }

    private func post(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return false }
            mailbox.commands.append(command)
            curl_multi_wakeup(multi.pointer)
            return true
        }
    }

    // MARK: On the thread

    private func run() {
        let multi = multi.pointer
        var active: [UnsafeMutableRawPointer: Transfer] = [:]
        while true {
            let (commands, isOpen) = mailbox.withLock { mailbox in
                defer { mailbox.commands.removeAll() }
                return (mailbox.commands, mailbox.isOpen)
            }
            for command in commands {
                switch command {
                case .start(let transfer):
                    if !isOpen || transfer.isCancelled.load(ordering: .sequentiallyConsistent) {
                        transfer.finish(.failure(.cancelled(url: transfer.shownURL)))
                    } else if let easy = transfer.prepare(configuration) {
                        curl_multi_add_handle(multi, easy)
                        active[easy] = transfer
                    }
                case .cancel(let transfer):
                    guard let easy = transfer.easy, active.removeValue(forKey: easy) != nil else { break }
                    curl_multi_remove_handle(multi, easy)
                    transfer.finish(.failure(.cancelled(url: transfer.shownURL)))
                }
            }
            guard isOpen else { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            var remaining: Int32 = 0
            while let message = curl_multi_info_read(multi, &remaining) {
                guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
                let code = ccurl_message_result(message)
                let transfer = active.removeValue(forKey: easy)
                let result = transfer?.result(code)
                curl_multi_remove_handle(multi, easy)
                if let transfer, let result { transfer.finish(result) }
            }
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
        for (easy, transfer) in active {
            curl_multi_remove_handle(multi, easy)
            transfer.finish(.failure(.cancelled(url: transfer.shownURL)))
        }
        curl_multi_cleanup(multi)
    }
}
