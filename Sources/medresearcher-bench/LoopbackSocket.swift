import Foundation

/// Blocking sockets of small servers on loopback; linked into the test targets that have such servers too.
enum LoopbackSocket {
    /// A socket that listens on a port; 0 lets the system take a free one.
    static func listen(port: UInt16 = 0, backlog: Int32 = 512) throws -> (socket: Int32, port: UInt16) {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && Foundation.listen(descriptor, backlog) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else {
            let reason = POSIXError(POSIXError.Code(rawValue: errno) ?? .EIO)
            close(descriptor)
            throw reason
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Sends all bytes; `false` where the other side is gone.
    @discardableResult
    static func write(_ socket: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = uninterrupted {
                rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Repeats a system call that a signal cut short, as that of an ended child process does.
    static func uninterrupted(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
