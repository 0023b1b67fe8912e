/// Matches the first of several alternatives, each a sequence of steps that are tried in the order of a regular
/// expression.
///
/// Only a step of bounded length is ever shortened again; ``SplitPatternParser`` builds no others. So a match takes
/// time linear in its length, and so does a failure, which is remembered where it may take long.
struct RunScanner: SplitScanner {
    /// A run of scalars of a set, as long as possible.
    struct Run: Sendable, Hashable {
        var scalars: ScalarSet
        var minimum = 1
        var maximum = 1
        /// Never shortened again (`a++`).
        var isPossessive = false
    }

    /// What must hold at a place between scalars.
    enum Condition: Sendable, Hashable {
        case textStart
        case lineStart
        case textEnd
        case lineEnd
        case notFollowedBy(ScalarSet)
    }

    enum Step: Sendable, Hashable {
        case run(Run)
        /// The first that lets the rest match of several sequences of single scalars; perhaps none of them.
        case choice([[ScalarSet]], isOptional: Bool)
        /// An unbounded run that is as long as the one or more scalars after it allow. Nothing after these can fail.
        case runBefore(Run, last: Run)
        /// An unbounded run that ends at the last place where the condition holds. Nothing comes after it.
        case runUntil(Run, Condition)
        /// `(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+`: words with their marks and the single spaces between them.
        case phrase
        case condition(Condition)
    }

    private let alternatives: [[Step]]
    /// For each ASCII character, the alternatives that may begin with it, one bit each.
    private let starts: [UInt64]
    private static let mostAlternatives = 64

    /// `nil` for more alternatives than 64.
    init?(alternatives: [[Step]]) {
        guard alternatives.count <= Self.mostAlternatives else { return nil }
        self.alternatives = alternatives
        starts = (0..<0x80).map { character in
            alternatives.indices.reduce(0) { mask, index in
                Self.mayBegin(alternatives[index][...], with: character) ? mask | 1 << UInt64(index) : mask
            }
        }
    }

    init(runs: [Run]) {
        alternatives = runs.map { [.run($0)] }
        starts = Array(repeating: .max, count: 0x80)
    }

    private static func mayBegin(_ steps: ArraySlice<Step>, with character: UInt32) -> Bool {
        guard let first = steps.first else { return false }
        switch first {
        case .run(let run):
            return run.scalars.contains(character) || run.minimum == 0 && mayBegin(steps.dropFirst(), with: character)
        case .choice(let sequences, let isOptional):
            return sequences.contains { $0.first?.contains(character) ?? false }
                || isOptional && mayBegin(steps.dropFirst(), with: character)
        case .runBefore(let run, let last):
            return run.scalars.contains(character) || run.minimum == 0 && last.scalars.contains(character)
        case .runUntil(let run, _): return run.scalars.contains(character)
        case .phrase: return ScalarClass(codePoint: character).isLetter
        case .condition: return mayBegin(steps.dropFirst(), with: character)
        }
    }

    // MARK: Matching

    /// Up to where each alternative is known to match nowhere.
    private typealias Failures = [Int]

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        var failures: Failures = []
        return matchEnd(in: text, at: start, &failures)
    }

    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var failures: Failures = Array(repeating: 0, count: alternatives.count)
        var position = 0
        while position < text.count {
            if let end = matchEnd(in: text, at: position, &failures), end > position {
                match(position..<end)
                position = end
            } else {
                position += ScalarCoding.scalar(in: text, at: position).width
            }
        }
    }

    private func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int, _ failures: inout Failures) -> Int? {
        let first = text[start]
        let mask = first < 0x80 ? starts[Int(first)] : .max
        for index in alternatives.indices where mask >> UInt64(index) & 1 == 1 {
            if index < failures.count, start < failures[index] { continue }
            var failedUpTo = 0
            if let end = Self.end(of: alternatives[index][...], in: text, at: start, &failedUpTo) { return end }
            if failedUpTo > 0, index < failures.count { failures[index] = failedUpTo }
        }
        return nil
    }

    /// - Parameter failedUpTo: set where the first step is a run that fails from every place within it.
    private static func end(
        of steps: ArraySlice<Step>, in text: UnsafeBufferPointer<UInt8>, at start: Int, _ failedUpTo: inout Int
    ) -> Int? {
        guard let step = steps.first else { return start }
        let rest = steps.dropFirst()
        var ignored = 0
        switch step {
        case .run(let run):
            var ends = Ends(of: run, in: text, at: start)
            if rest.isEmpty || run.isPossessive || run.maximum == .max {
                guard ends.count >= run.minimum else { return nil }
                return end(of: rest, in: text, at: ends.last, &ignored)
            }
            while ends.count >= run.minimum {
                if let end = end(of: rest, in: text, at: ends.last, &ignored) { return end }
                guard ends.removeLast(in: text) else { return nil }
            }
            return nil
        case .choice(let sequences, let isOptional):
            for sequence in sequences {
                if let after = after(sequence, in: text, at: start),
                    let end = end(of: rest, in: text, at: after, &ignored)
                {
                    return end
                }
            }
            return isOptional ? end(of: rest, in: text, at: start, &ignored) : nil
        case .runBefore(let run, let last):
            guard let after = endBefore(last, run, in: text, at: start, &failedUpTo) else { return nil }
            return end(of: rest, in: text, at: after, &ignored)
        case .runUntil(let run, let condition):
            return end(of: run, until: condition, in: text, at: start, &failedUpTo)
        case .phrase:
            guard let after = endOfPhrase(in: text, at: start) else { return nil }
            return end(of: rest, in: text, at: after, &ignored)
        case .condition(let condition):
            return holds(condition, in: text, at: start) ? end(of: rest, in: text, at: start, &ignored) : nil
        }
    }

    /// The end of a run, which can be made shorter.
    private struct Ends {
        var count = 0
        var last: Int

        @inline(__always)
        init(of run: Run, in text: UnsafeBufferPointer<UInt8>, at start: Int) {
            last = start
            while count < run.maximum, last < text.count {
                let (scalar, width) = ScalarCoding.scalar(in: text, at: last)
                guard run.scalars.contains(scalar) else { break }
                last += width
                count += 1
            }
        }

        mutating func removeLast(in text: UnsafeBufferPointer<UInt8>) -> Bool {
            if count == 0 { return false }
            count -= 1
            repeat { last -= 1 } while text[last] & 0xC0 == 0x80
            return true
        }
    }

    private static func after(
        _ sequence: [ScalarSet], in text: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> Int? {
        var position = start
        for scalars in sequence {
            guard position < text.count else { return nil }
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            guard scalars.contains(scalar) else { return nil }
            position += width
        }
        return position
    }

    /// `A*B+` or `A*B`: with all of `A`, if a `B` follows; else up to the last `B` that `A` can give back.
    private static func endBefore(
        _ last: Run, _ run: Run, in text: UnsafeBufferPointer<UInt8>, at start: Int, _ failedUpTo: inout Int
    ) -> Int? {
        var position = start
        var count = 0
        var afterLast: Int?
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            guard run.scalars.contains(scalar) else { break }
            position += width
            if count >= run.minimum, last.scalars.contains(scalar) { afterLast = position }
            count += 1
        }
        if count >= run.minimum {
            let ends = Ends(of: last, in: text, at: position)
            if ends.count > 0 { return ends.last }
        }
        if afterLast == nil { failedUpTo = position }
        return afterLast
    }

    private static func end(
        of run: Run, until condition: Condition, in text: UnsafeBufferPointer<UInt8>, at start: Int,
        _ failedUpTo: inout Int
    ) -> Int? {
        var position = start
        var count = 0
        var end: Int?
        while true {
            if count >= run.minimum, holds(condition, in: text, at: position) { end = position }
            guard position < text.count else { break }
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            guard run.scalars.contains(scalar) else { break }
            position += width
            count += 1
        }
        if end == nil { failedUpTo = position }
        return end
    }

    private static func endOfPhrase(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let reader = ScalarReader(text)
        guard reader.holds(.letter, at: start) else { return nil }
        var position = start
        while true {
            position = reader.endOfRun(of: [.letter, .mark], from: position)
            guard reader.holds(UInt8(ascii: " "), at: position), reader.holds(.letter, at: position + 1) else {
                return position
            }
            position += 1
        }
    }

    private static func holds(_ condition: Condition, in text: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        switch condition {
        case .textStart: return position == 0
        case .lineStart: return position == 0 || text[position - 1] == 0x0A && position < text.count
        case .textEnd: return position == text.count
        case .lineEnd: return position == text.count || text[position] == 0x0A
        case .notFollowedBy(let scalars):
            return position == text.count || !scalars.contains(ScalarCoding.scalar(in: text, at: position).value)
        }
    }
}
