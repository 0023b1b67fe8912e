/// Who wrote a stretch of text. Operations of a template never look at it; it only travels along, so that in the end the
/// template's own words can be told from those of messages, however the template cut and joined them.
enum TextOrigin: Sendable, Hashable {
    /// The template, or what the caller of the renderer vouches for (roles, names of control tokens).
    case template
    /// The message of this index.
    case message(Int)
    /// The visible text of the assistant's message of this index.
    case written(Int)
    /// Anything else that is handed to the template, such as descriptions of tools.
    case data
}

extension TextOrigin {
    /// The index of the message that the text came out of.
    var message: Int? {
        switch self {
        case .message(let index), .written(let index): index
        case .template, .data: nil
        }
    }
}

/// A string as Python sees it, a sequence of Unicode scalars, in which every stretch has its origin.
struct TemplateText: Sendable {
    struct Run: Sendable, Hashable {
        var end: Int
        var origin: TextOrigin
    }

    private(set) var scalars: [Unicode.Scalar]
    /// Cover all scalars; neighbours differ in origin.
    private(set) var runs: [Run]

    init() {
        scalars = []
        runs = []
    }

    init(_ string: String, _ origin: TextOrigin = .template) {
        self.init(Array(string.unicodeScalars), origin)
    }

    init(_ scalars: [Unicode.Scalar], _ origin: TextOrigin) {
        self.scalars = scalars
        runs = scalars.isEmpty ? [] : [Run(end: scalars.count, origin: origin)]
    }

    var count: Int { scalars.count }
    var isEmpty: Bool { scalars.isEmpty }

    var string: String { Self.string(scalars[...]) }

    static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.count)
        for scalar in scalars {
            if scalar.isASCII { bytes.append(UInt8(scalar.value)) } else { bytes += String(scalar).utf8 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The origin of what was written first, for text made from this text.
    var origin: TextOrigin { runs.first?.origin ?? .template }

    func origin(at index: Int) -> TextOrigin {
        runs.count == 1 ? runs[0].origin : runs.first { index < $0.end }?.origin ?? .template
    }

    subscript(range: Range<Int>) -> TemplateText {
        if range == 0..<count { return self }
        var result = TemplateText()
        result.scalars = Array(scalars[range])
        if runs.count == 1 {
            if !range.isEmpty { result.runs = [Run(end: range.count, origin: runs[0].origin)] }
            return result
        }
        for run in runs where run.end > range.lowerBound {
            result.extend(to: min(run.end, range.upperBound) - range.lowerBound, run.origin)
            if run.end >= range.upperBound { break }
        }
        return result
    }

    private mutating func extend(to end: Int, _ origin: TextOrigin) {
        guard end > (runs.last?.end ?? 0) else { return }
        if runs.last?.origin == origin {
            runs[runs.count - 1].end = end
        } else {
            runs.append(Run(end: end, origin: origin))
        }
    }

    mutating func append(_ other: TemplateText) {
        if isEmpty {
            self = other
            return
        }
        let start = count
        scalars += other.scalars
        for run in other.runs { extend(to: start + run.end, run.origin) }
    }

    mutating func append(_ string: String, _ origin: TextOrigin = .template) {
        scalars += string.unicodeScalars
        extend(to: count, origin)
    }

    mutating func append(_ scalar: Unicode.Scalar, _ origin: TextOrigin) {
        scalars.append(scalar)
        extend(to: count, origin)
    }

    /// Every scalar replaced by some, each of which keeps the origin.
    func mapping(_ transform: (Int, Unicode.Scalar) -> some Sequence<Unicode.Scalar>) -> TemplateText {
        var result = TemplateText()
        result.scalars.reserveCapacity(count)
        var start = 0
        for run in runs {
            for index in start..<run.end { result.scalars += transform(index, scalars[index]) }
            result.extend(to: result.count, run.origin)
            start = run.end
        }
        return result
    }

    /// One text for each scalar.
    var characters: [TemplateText] {
        var result: [TemplateText] = []
        result.reserveCapacity(count)
        var start = 0
        for run in runs {
            for index in start..<run.end { result.append(TemplateText([scalars[index]], run.origin)) }
            start = run.end
        }
        return result
    }
}

/// Equality and order are those of the scalars.
extension TemplateText: Hashable {
    static func == (left: TemplateText, right: TemplateText) -> Bool { left.scalars == right.scalars }

    static func == (left: TemplateText, right: String) -> Bool {
        left.scalars.elementsEqual(right.unicodeScalars)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(scalars) }
}

/// Searching, whose comparisons are counted as work.
extension TemplateText {
    func firstIndex(
        of needle: TemplateText, in range: Range<Int>, _ work: TemplateWork
    ) throws(TemplateError) -> Int? {
        guard needle.count <= range.count else { return nil }
        var comparisons = 0
        defer { lastComparisons(comparisons, work) }
        guard let first = needle.scalars.first else { return range.lowerBound }
        var position = range.lowerBound
        while position <= range.upperBound - needle.count {
            if scalars[position] == first, matches(needle, at: position, &comparisons) { return position }
            position += 1
            comparisons += 1
            if comparisons > 1 << 16 {
                try work.charge(comparisons / 16)
                comparisons = 0
            }
        }
        return nil
    }

    func lastIndex(
        of needle: TemplateText, in range: Range<Int>, _ work: TemplateWork
    ) throws(TemplateError) -> Int? {
        guard needle.count <= range.count else { return nil }
        var comparisons = 0
        defer { lastComparisons(comparisons, work) }
        var position = range.upperBound - needle.count
        while position >= range.lowerBound {
            if matches(needle, at: position, &comparisons) { return position }
            position -= 1
            comparisons += 1
            if comparisons > 1 << 16 {
                try work.charge(comparisons / 16)
                comparisons = 0
            }
        }
        return nil
    }

    /// What is left to count is small; the next charge notices if it was too much.
    private func lastComparisons(_ comparisons: Int, _ work: TemplateWork) { try? work.charge(comparisons / 16) }

    private func matches(_ needle: TemplateText, at position: Int, _ comparisons: inout Int) -> Bool {
        for offset in 0..<needle.count where scalars[position + offset] != needle.scalars[offset] {
            comparisons += offset
            return false
        }
        comparisons += needle.count
        return true
    }

    func matches(_ needle: TemplateText, at position: Int) -> Bool {
        var comparisons = 0
        return position >= 0 && position + needle.count <= count && matches(needle, at: position, &comparisons)
    }

    func hasPrefix(_ prefix: TemplateText) -> Bool { matches(prefix, at: 0) }

    func hasSuffix(_ suffix: TemplateText) -> Bool { matches(suffix, at: count - suffix.count) }

    func contains(_ needle: TemplateText, _ work: TemplateWork) throws(TemplateError) -> Bool {
        try firstIndex(of: needle, in: 0..<count, work) != nil
    }

    /// Without the scalars at its ends that are in `set`; white space if there is none.
    func stripped(leading: Bool, trailing: Bool, _ set: TemplateText? = nil) -> TemplateText {
        let set = set.map { Set($0.scalars) }
        func isStripped(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? scalar.isPythonSpace }
        var range = 0..<count
        if leading { while let first = range.first, isStripped(scalars[first]) { range.removeFirst() } }
        if trailing { while let last = range.last, isStripped(scalars[last]) { range.removeLast() } }
        return self[range]
    }
}
