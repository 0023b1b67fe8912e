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

    private let program: RunProgram
    /// All alternatives, one bit each.
    private let all: UInt64
    /// For each ASCII character, the alternatives that may begin with it, one bit each.
    private let starts: [UInt64]
    private static let mostAlternatives = 64

    /// `nil` for more alternatives than 64.
    init?(alternatives: [[Step]]) {
        guard alternatives.count <= Self.mostAlternatives else { return nil }
        program = RunProgram(alternatives)
        all = alternatives.count == Self.mostAlternatives ? .max : 1 << UInt64(alternatives.count) - 1
        starts = (0..<0x80).map { character in
            alternatives.indices.reduce(0) { mask, index in
                Self.mayBegin(alternatives[index][...], with: character) ? mask | 1 << UInt64(index) : mask
            }
        }
    }

    init(runs: [Run]) {
        program = RunProgram(runs.map { [.run($0)] })
        all = 1 << UInt64(runs.count) - 1
        starts = Array(repeating: all, count: 0x80)
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

    /// Where the one long run of an alternative is known to fail, wherever within it begins.
    private typealias Failures = [Range<Int>]

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        var failures: Failures = Array(repeating: 0..<0, count: program.alternatives.count)
        return matchEnd(RunMatcher(program, text), firstByte: text[start], at: start, &failures)
    }

    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var failures: Failures = Array(repeating: 0..<0, count: program.alternatives.count)
        let matcher = RunMatcher(program, text)
        var position = 0
        while position < text.count {
            if let end = matchEnd(matcher, firstByte: text[position], at: position, &failures), end > position {
                match(position..<end)
                position = end
            } else {
                position += ScalarCoding.scalar(in: text, at: position).width
            }
        }
    }

    @inline(__always)
    private func matchEnd(
        _ matcher: RunMatcher, firstByte: UInt8, at start: Int, _ failures: inout Failures
    ) -> Int? {
        var mask = firstByte < 0x80 ? starts[Int(firstByte)] : all
        while mask != 0 {
            let index = mask.trailingZeroBitCount
            mask &= mask &- 1
            if let end = matcher.end(of: program.alternatives[index], at: start, &failures[index]) { return end }
        }
        return nil
    }
}
