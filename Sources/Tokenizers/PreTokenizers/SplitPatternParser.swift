/// Reads the split patterns that need no search: alternatives of literals, classes and short groups, perhaps repeated.
///
/// Not a regular-expression engine: whatever is not proven to match the same by the steps of a ``RunScanner``, or might
/// take more than linear time, is refused, as is all syntax beyond literals, `.`, `[…]` with `&&`, `\s \S \w \W \d \D
/// \p{…} \P{…}`, escaped punctuation, `\r \n \t \f \uHHHH \x{…}`, the greedy and possessive quantifiers, groups of
/// sequences of one length each, `^ $ \A \z` and a negative lookahead for one set at the end. The meaning is Oniguruma's.
struct SplitPatternParser {
    var classes: ScalarClassParser
    private var ignoresCase = false

    private typealias Run = RunScanner.Run
    private typealias Step = RunScanner.Step

    /// Runs that are tried at every length are no longer than this, or nothing comes after them that could fail.
    private static let longestRetry = 1_024
    private static let mostSteps = 64

    private init(_ regex: String) { classes = ScalarClassParser(regex) }

    /// `nil` when the pattern is not of this kind.
    static func scanner(for regex: String) -> RunScanner? {
        var parser = SplitPatternParser(regex)
        guard let sequences = parser.alternatives(), parser.classes.next == nil else { return nil }
        var alternatives: [[Step]] = []
        for sequence in sequences {
            guard let steps = deterministic(sequence) else { return nil }
            alternatives.append(steps)
        }
        return RunScanner(alternatives: alternatives)
    }

    // MARK: Proof

    /// The steps with which taking the longest run each time finds the match that trying everything would find; `nil`
    /// where there are none, where matches may be empty, and where failing may take long for every character.
    private static func deterministic(_ steps: [Step]) -> [Step]? {
        guard steps.contains(where: { !mayBeEmpty($0) }), steps.count <= mostSteps else { return nil }
        var result: [Step] = []
        var index = 0
        var retries = 1
        while index < steps.count {
            defer { index += 1 }
            let rest = steps[(index + 1)...]
            guard case .run(let run) = steps[index], run.minimum < run.maximum else {
                if case .choice(let sequences, _) = steps[index], !rest.allSatisfy(cannotFail) {
                    retries *= sequences.count + 1
                }
                result.append(steps[index])
                continue
            }
            if run.isPossessive || rest.allSatisfy(cannotFail) {
                // What fails after a long possessive run fails again from each place within it.
                if !rest.allSatisfy(cannotFail), run.maximum == .max { return nil }
                result.append(steps[index])
                continue
            }
            guard run.maximum == .max else {
                retries *= run.maximum - run.minimum + 1
                result.append(steps[index])
                continue
            }
            // Where this fails, it does so after the whole run, from any place within it; the scanner remembers that.
            guard let next = rest.first else { return nil }
            switch next {
            case .run(let last)
            where last.minimum == 1 && (last.maximum == 1 || last.maximum == .max && !last.isPossessive)
                && rest.dropFirst().allSatisfy(cannotFail):
                result.append(.runBefore(run, last: last))
            case .condition(let condition) where rest.count == 1: result.append(.runUntil(run, condition))
            default: return nil
            }
            index += 1
        }
        return retries <= longestRetry ? result : nil
    }

    private static func mayBeEmpty(_ step: Step) -> Bool {
        switch step {
        case .run(let run): run.minimum == 0
        case .choice(let sequences, let isOptional): isOptional || sequences.contains(where: \.isEmpty)
        case .condition: true
        case .runBefore, .runUntil, .phrase: false
        }
    }

    private static func cannotFail(_ step: Step) -> Bool {
        if case .condition = step { false } else { mayBeEmpty(step) }
    }

    // MARK: Syntax

    private mutating func alternatives() -> [[Step]]? {
        var alternatives: [[Step]] = []
        repeat {
            guard let steps = sequence() else { return nil }
            alternatives.append(steps)
        } while classes.take("|")
        return alternatives
    }

    private mutating func sequence() -> [Step]? {
        var steps: [Step] = []
        var previous: UInt32?
        while let scalar = classes.next, scalar != "|", scalar != ")" {
            if let condition = condition() {
                steps.append(.condition(condition))
                previous = nil
                continue
            }
            if classes.take(literally: #"(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+"#) {
                steps.append(.phrase)
                continue
            }
            if classes.take("(") {
                guard let group = group() else { return nil }
                steps += group
                continue
            }
            guard var scalars = classes.atom() else { return nil }
            if ignoresCase {
                guard let folded = CaseFolding.folded(scalars, after: previous) else { return nil }
                previous = scalars.only
                scalars = folded
            }
            guard let run = quantified(scalars) else { return nil }
            steps.append(.run(run))
        }
        return steps
    }

    private mutating func condition() -> RunScanner.Condition? {
        if classes.take("^") { return .lineStart }
        if classes.take("$") { return .lineEnd }
        if classes.take(literally: #"\A"#) { return .textStart }
        if classes.take(literally: #"\z"#) { return .textEnd }
        let start = classes
        if classes.take(literally: "(?!"), let scalars = classes.atom(), classes.take(")") {
            return .notFollowedBy(scalars)
        }
        classes = start
        return nil
    }

    /// What stands after an opening parenthesis: alternatives that are joined to one set, or tried one after the other.
    private mutating func group() -> [Step]? {
        let outerCase = ignoresCase
        defer { ignoresCase = outerCase }
        if classes.take("?") {
            if classes.take("i") { ignoresCase = true }
            guard classes.take(":") else { return nil }
        }
        guard let alternatives = alternatives(), classes.take(")") else { return nil }
        ignoresCase = outerCase
        if alternatives.count == 1 {
            if alternatives[0].count == 1, case .run(let run) = alternatives[0][0], run.minimum == 1, run.maximum == 1 {
                return quantified(run.scalars).map { [.run($0)] }
            }
            guard let quantified = quantified(ScalarSet()) else { return nil }
            if quantified.minimum == 1, quantified.maximum == 1 { return alternatives[0] }
            guard quantified.minimum == 0, quantified.maximum == 1, !quantified.isPossessive,
                let sequence = Self.scalars(of: alternatives[0])
            else { return nil }
            return [.choice([sequence], isOptional: true)]
        }
        var sequences: [[ScalarSet]] = []
        for steps in alternatives {
            guard let sequence = Self.scalars(of: steps), !sequence.isEmpty else { return nil }
            sequences.append(sequence)
        }
        if sequences.allSatisfy({ $0.count == 1 }) {
            var union = ScalarSet()
            for sequence in sequences { union.formUnion(sequence[0]) }
            return quantified(union).map { [.run($0)] }
        }
        guard let quantified = quantified(ScalarSet()), quantified.maximum == 1, !quantified.isPossessive else {
            return nil
        }
        return [.choice(sequences, isOptional: quantified.minimum == 0)]
    }

    /// Steps that are single scalars, one after the other.
    private static func scalars(of steps: [Step]) -> [ScalarSet]? {
        var result: [ScalarSet] = []
        for step in steps {
            guard case .run(let run) = step, run.minimum == run.maximum, run.maximum <= 16 else { return nil }
            result += Array(repeating: run.scalars, count: run.minimum)
        }
        return result
    }

    /// A run with the quantifier that follows; of one scalar, where there is none.
    private mutating func quantified(_ scalars: ScalarSet) -> RunScanner.Run? {
        var run = RunScanner.Run(scalars: scalars)
        var isInterval = false
        if classes.take("?") {
            run.minimum = 0
        } else if classes.take("*") {
            (run.minimum, run.maximum) = (0, .max)
        } else if classes.take("+") {
            run.maximum = .max
        } else if classes.take("{") {
            isInterval = true
            guard let minimum = classes.number() else { return nil }
            (run.minimum, run.maximum) = (minimum, minimum)
            if classes.take(",") {
                run.maximum = .max
                if classes.next != "}" {
                    guard let maximum = classes.number(), maximum >= minimum else { return nil }
                    run.maximum = maximum
                }
            }
            guard classes.take("}"), run.maximum > 0 else { return nil }
        } else {
            return run
        }
        // After an interval a plus repeats it; after the others it makes them possessive.
        if !isInterval, classes.take("+") { run.isPossessive = true }
        // A second quantifier would make the first lazy, or repeat it.
        if let scalar = classes.next, ["?", "*", "+", "{"].contains(scalar) { return nil }
        return run
    }
}
