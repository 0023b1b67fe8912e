/// One identifier in a text: an address or a label in front, then a body that the scheme's grammar must take whole.
struct IdentifierGrammar {
    let bytes: [UInt8]
    let version: IdentifierPolicy.Version
    /// Whether the text itself must tell the scheme, by a label, an address or a mark of the body.
    var isInferring = false
    /// Whether the body tells the scheme.
    var isMarked = true
    /// The identifier as its registry writes it.
    private(set) var body: [UInt8] = []
    /// What is wrong, where it is more than the shape.
    private(set) var problem: String?
    var position = 0
    var end: Int

    init(_ bytes: [UInt8], version: IdentifierPolicy.Version) {
        self.bytes = bytes
        self.version = version
        end = bytes.count
    }

    /// Whether the whole text is an identifier of the scheme.
    mutating func read(_ scheme: IdentifierScheme) -> Bool {
        let isLabelled: Bool
        if isAddress {
            guard skipAddress(scheme) else { return false }
            isLabelled = true
        } else {
            isLabelled = skipLabel(scheme)
        }
        if scheme == .doi { return readDOI(isAddress: isAddress) }
        let start = position
        body.reserveCapacity(end - start + 8)
        isMarked = !scheme.isBareNumber
        guard readBody(scheme, isLabelled: isLabelled) else { return false }
        return position == end && (isLabelled || isMarked || !isInferring)
    }

    // MARK: Bytes

    /// The byte at a distance, letters as capitals; 0 beyond the end.
    @inline(__always)
    func peek(_ distance: Int = 0) -> UInt8 {
        let index = position + distance
        guard index < end else { return 0 }
        let byte = bytes[index]
        return byte &- 0x61 < 26 ? byte - 0x20 : byte
    }

    @inline(__always)
    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard position < end, UInt32(peek()) == byte.value else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func copy(_ byte: Unicode.Scalar) -> Bool {
        guard skip(byte) else { return false }
        body.append(UInt8(truncatingIfNeeded: byte.value))
        return true
    }

    /// Capitals, in either case, copied as capitals.
    mutating func copy(_ text: String) -> Bool {
        guard skip(text) else { return false }
        body.append(contentsOf: text.utf8)
        return true
    }

    mutating func skip(_ text: String) -> Bool {
        var distance = 0
        for byte in text.utf8 {
            guard peek(distance) == byte else { return false }
            distance += 1
        }
        position += distance
        return true
    }

    mutating func write(_ text: String) { body.append(contentsOf: text.utf8) }
    mutating func append(_ byte: UInt8) { body.append(byte) }
    mutating func removeBody(from start: Int) { body.removeLast(body.count - start) }
    mutating func insert(_ byte: UInt8, at index: Int) { body.insert(byte, at: index) }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    /// Copies characters while they satisfy a test, as many as a range allows; false for too few.
    @inline(__always)
    mutating func copy(_ counts: ClosedRange<Int>, where test: (UInt8) -> Bool) -> Bool {
        var count = 0
        while count < counts.upperBound, position < end, test(peek()) {
            body.append(peek())
            position += 1
            count += 1
        }
        return count >= counts.lowerBound
    }

    mutating func digits(_ counts: ClosedRange<Int>) -> Bool { copy(counts, where: Self.isDigit) }
    mutating func digits(_ count: Int) -> Bool { digits(count...count) }

    /// A number that does not begin with 0.
    mutating func number(_ counts: ClosedRange<Int>) -> Bool { peek() != UInt8(ascii: "0") && digits(counts) }

    mutating func fail(_ problem: String) -> Bool {
        self.problem = problem
        return false
    }

    // MARK: Labels and addresses

    private var isAddress: Bool {
        guard bytes.count > 8, bytes[0] | 0x20 == UInt8(ascii: "h") else { return false }
        var look = self
        look.position = 0
        return look.skip("HTTP://") || look.skip("HTTPS://")
    }

    /// Leaves the last part of the path of an address on one of the scheme's hosts.
    private mutating func skipAddress(_ scheme: IdentifierScheme) -> Bool {
        _ = skip("HTTPS://") || skip("HTTP://")
        _ = skip("WWW.")
        let start = position
        while position < end, bytes[position] != UInt8(ascii: "/") { position += 1 }
        let host = start..<position
        guard position < end, isHost(host, of: scheme) else { return fail("the address is not of the registry") }
        position += 1
        if scheme == .doi { return true }
        if end > position, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        if scheme == .uniprot, bytes[position..<end].suffix(6).elementsEqual("/entry".utf8) { end -= 6 }
        var last = end
        while last > position, bytes[last - 1] != UInt8(ascii: "/") { last -= 1 }
        position = last
        if scheme == .mesh { _ = skip("UI?UI=") }
        skipCompactPrefix(scheme)
        return true
    }

    /// Sites that resolve identifiers of many registries.
    private static let resolvers = ["identifiers.org", "bioregistry.io", "purl.obolibrary.org", "n2t.net"]

    private func isHost(_ range: Range<Int>, of scheme: IdentifierScheme) -> Bool {
        let isEqual = { (name: String) in
            name.utf8.count == range.count && zip(name.utf8, bytes[range]).allSatisfy { $0 == $1 || $0 == $1 | 0x20 }
        }
        return scheme.hosts.contains(where: isEqual) || Self.resolvers.contains(where: isEqual)
    }

    /// `MIM:` in `identifiers.org/mim:154700`.
    private mutating func skipCompactPrefix(_ scheme: IdentifierScheme) { _ = skipLabel(scheme) }

    /// Skips the longest label of the scheme with the sign behind it. Labels that the body repeats, as `HP:` does, need
    /// digits behind them.
    private mutating func skipLabel(_ scheme: IdentifierScheme) -> Bool {
        let first = peek()
        guard Self.isCapital(first) else { return false }
        var best = position
        for label in scheme.labels {
            guard let initial = label.utf8.first, initial & 0xDF == first else { continue }
            var distance = 0
            var matches = true
            for byte in label.utf8 {
                let capital = byte &- 0x61 < 26 ? byte - 0x20 : byte
                guard peek(distance) == capital else {
                    matches = false
                    break
                }
                distance += 1
            }
            guard matches, let after = signs(after: position + distance) else { continue }
            best = max(best, after)
        }
        defer { position = best }
        return best > position
    }

    /// The place behind `:`, `_`, `#`, `=` and spaces; `nil` where the word goes on.
    private func signs(after start: Int) -> Int? {
        var index = start
        while index < end, bytes[index] == 0x20 { index += 1 }
        if index < end {
            switch bytes[index] {
            case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: "="): index += 1
            default: break
            }
        }
        while index < end, bytes[index] == 0x20 { index += 1 }
        guard index < end else { return nil }
        return index > start || Self.isDigit(bytes[index]) ? index : nil
    }

    // MARK: DOI

    /// `10.` and a registrant, a slash, and anything printable. Small letters, because names are equal in any case;
    /// full stops and the like at the end are the sentence's.
    private mutating func readDOI(isAddress: Bool) -> Bool {
        while end > position, Self.isTrailing(bytes[end - 1], in: bytes[position..<end]) { end -= 1 }
        guard skip("10."), Self.isDigit(peek()) else { return false }
        write("10.")
        guard copy(4...9, where: Self.isDigit) else { return false }
        while copy(".") {
            guard copy(1...9, where: Self.isDigit) else { return false }
        }
        guard copy("/") || isAddress && skipEscapedSlash(), position < end else { return false }
        while position < end {
            var byte = bytes[position]
            if isAddress, byte == UInt8(ascii: "%"), let decoded = escaped(at: position) {
                byte = decoded
                position += 2
            }
            guard byte > 0x20, byte != 0x7F else { return false }
            body.append(byte &- 0x41 < 26 ? byte + 0x20 : byte)
            position += 1
        }
        return true
    }

    private mutating func skipEscapedSlash() -> Bool {
        guard escaped(at: position) == UInt8(ascii: "/") else { return false }
        position += 3
        body.append(UInt8(ascii: "/"))
        return true
    }

    private func escaped(at index: Int) -> UInt8? {
        guard index + 2 < end, bytes[index] == UInt8(ascii: "%"), let high = Self.hexadecimal(bytes[index + 1]),
            let low = Self.hexadecimal(bytes[index + 2]), high < 8
        else { return nil }
        return high << 4 | low
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    private static func isTrailing(_ byte: UInt8, in text: ArraySlice<UInt8>) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"): true
        case UInt8(ascii: ")"):
            text.reduce(0) { $0 + ($1 == UInt8(ascii: "(") ? 1 : $1 == UInt8(ascii: ")") ? -1 : 0) } < 0
        default: false
        }
    }
}
