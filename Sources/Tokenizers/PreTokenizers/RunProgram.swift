/// The alternatives of a ``RunScanner`` in flat tables, which are read without counting references.
final class RunProgram: @unchecked Sendable {
    /// The words of a ``ScalarSet``.
    typealias Bits = UnsafePointer<UInt64>

    enum Kind: UInt8, BitwiseCopyable {
        case run, choice, runBefore, runUntil, phrase, condition
    }

    struct Instruction {
        var kind: Kind
        /// Takes the longest run only; or, of a choice, may take nothing.
        var flag = false
        var condition = ConditionKind.textEnd
        var minimum = 0
        var maximum = 0
        var bits: Bits
        /// The one or more scalars after the run, or what must not follow.
        var lastBits: Bits
        var lastMaximum = 0
        /// Of a choice: its sequences.
        var sequences = 0..<0
    }

    enum ConditionKind: UInt8, BitwiseCopyable {
        case textStart, lineStart, textEnd, lineEnd, notFollowedBy
    }

    let alternatives: [Range<Int>]
    let instructions: UnsafeMutablePointer<Instruction>
    /// For each sequence of a choice its sets.
    let sequences: UnsafeMutablePointer<Range<Int>>
    let sets: UnsafeMutablePointer<Bits>
    private let bits: [ScalarSet: UnsafeMutablePointer<UInt64>]

    init(_ alternatives: [[RunScanner.Step]]) {
        var ranges: [Range<Int>] = []
        var instructionList: [Instruction] = []
        var sequenceList: [Range<Int>] = []
        var setList: [Bits] = []
        var known: [ScalarSet: UnsafeMutablePointer<UInt64>] = [:]
        func bits(_ scalars: ScalarSet) -> Bits {
            if let copy = known[scalars] { return Bits(copy) }
            let copy = scalars.copyBits()
            known[scalars] = copy
            return Bits(copy)
        }
        let none = bits(ScalarSet())
        for steps in alternatives {
            let start = instructionList.count
            for (index, step) in steps.enumerated() {
                var instruction = Instruction(kind: .phrase, bits: none, lastBits: none)
                func take(_ run: RunScanner.Run) {
                    (instruction.minimum, instruction.maximum) = (run.minimum, run.maximum)
                    instruction.bits = bits(run.scalars)
                }
                func take(_ condition: RunScanner.Condition) {
                    switch condition {
                    case .textStart: instruction.condition = .textStart
                    case .lineStart: instruction.condition = .lineStart
                    case .textEnd: instruction.condition = .textEnd
                    case .lineEnd: instruction.condition = .lineEnd
                    case .notFollowedBy(let scalars):
                        instruction.condition = .notFollowedBy
                        instruction.lastBits = bits(scalars)
                    }
                }
                switch step {
                case .run(let run):
                    instruction.kind = .run
                    take(run)
                    instruction.flag = run.isPossessive || run.maximum == .max || index == steps.count - 1
                case .choice(let choices, let isOptional):
                    instruction.kind = .choice
                    instruction.flag = isOptional
                    let first = sequenceList.count
                    for sequence in choices {
                        sequenceList.append(setList.count..<setList.count + sequence.count)
                        setList += sequence.map(bits)
                    }
                    instruction.sequences = first..<sequenceList.count
                case .runBefore(let run, let last):
                    instruction.kind = .runBefore
                    take(run)
                    instruction.lastBits = bits(last.scalars)
                    instruction.lastMaximum = last.maximum
                case .runUntil(let run, let condition):
                    instruction.kind = .runUntil
                    take(run)
                    take(condition)
                case .phrase: instruction.kind = .phrase
                case .condition(let condition):
                    instruction.kind = .condition
                    take(condition)
                }
                instructionList.append(instruction)
            }
            ranges.append(start..<instructionList.count)
        }
        self.alternatives = ranges
        instructions = .allocate(capacity: max(instructionList.count, 1))
        instructions.initialize(from: instructionList, count: instructionList.count)
        sequences = .allocate(capacity: max(sequenceList.count, 1))
        sequences.initialize(from: sequenceList, count: sequenceList.count)
        sets = .allocate(capacity: max(setList.count, 1))
        sets.initialize(from: setList, count: setList.count)
        self.bits = known
    }

    deinit {
        instructions.deallocate()
        sequences.deallocate()
        sets.deallocate()
        for copy in bits.values { copy.deallocate() }
    }
}

/// One text under a ``RunProgram``, which must outlive it.
struct RunMatcher {
    private let instructions: UnsafePointer<RunProgram.Instruction>
    private let sequences: UnsafePointer<Range<Int>>
    private let sets: UnsafePointer<RunProgram.Bits>
    private let text: ScalarReader

    init(_ program: RunProgram, _ text: UnsafeBufferPointer<UInt8>) {
        instructions = UnsafePointer(program.instructions)
        sequences = UnsafePointer(program.sequences)
        sets = UnsafePointer(program.sets)
        self.text = ScalarReader(text)
    }

    /// The end of what the instructions match.
    ///
    /// - Parameter failure: where the alternative's long run is known to fail.
    func end(of steps: Range<Int>, at start: Int, _ failure: inout Range<Int>) -> Int? {
        var position = start
        for index in steps {
            let step = instructions[index]
            switch step.kind {
            case .run:
                var (count, last) = run(step.bits, step.maximum, from: position)
                if step.flag {
                    if count < step.minimum { return nil }
                    position = last
                    continue
                }
                let rest = index + 1..<steps.upperBound
                while count >= step.minimum {
                    if let end = end(of: rest, at: last, &failure) { return end }
                    if count == 0 { return nil }
                    count -= 1
                    repeat { last -= 1 } while text.bytes[last] & 0xC0 == 0x80
                }
                return nil
            case .choice:
                let rest = index + 1..<steps.upperBound
                for sequence in step.sequences {
                    if let after = after(sequences[sequence], from: position),
                        let end = end(of: rest, at: after, &failure)
                    {
                        return end
                    }
                }
                if !step.flag { return nil }
            case .runBefore:
                guard let after = endBefore(step, from: position, &failure) else { return nil }
                position = after
            case .runUntil:
                guard let after = endUntil(step, from: position, &failure) else { return nil }
                position = after
            case .phrase:
                guard let after = endOfPhrase(from: position) else { return nil }
                position = after
            case .condition: if !holds(step, at: position) { return nil }
            }
        }
        return position
    }

    @inline(__always)
    private static func contains(_ bits: RunProgram.Bits, _ scalar: Int) -> Bool {
        bits[scalar >> 6] >> UInt64(truncatingIfNeeded: scalar & 63) & 1 == 1
    }

    @inline(__always)
    private func run(_ bits: RunProgram.Bits, _ maximum: Int, from start: Int) -> (count: Int, end: Int) {
        var count = 0
        var position = start
        while count < maximum, position < text.end {
            let (scalar, next) = text.scalar(at: position)
            guard Self.contains(bits, scalar) else { break }
            position = next
            count += 1
        }
        return (count, position)
    }

    private func after(_ sequence: Range<Int>, from start: Int) -> Int? {
        var position = start
        for index in sequence {
            guard position < text.end else { return nil }
            let (scalar, next) = text.scalar(at: position)
            guard Self.contains(sets[index], scalar) else { return nil }
            position = next
        }
        return position
    }

    /// `A*B+` or `A*B`: with all of `A`, if a `B` follows; else up to the last `B` that `A` can give back.
    private func endBefore(_ step: RunProgram.Instruction, from start: Int, _ failure: inout Range<Int>) -> Int? {
        if failure.contains(start) { return nil }
        var position = start
        var count = 0
        var afterLast: Int?
        while position < text.end {
            let (scalar, next) = text.scalar(at: position)
            guard Self.contains(step.bits, scalar) else { break }
            position = next
            if count >= step.minimum, Self.contains(step.lastBits, scalar) { afterLast = position }
            count += 1
        }
        if count >= step.minimum {
            let last = run(step.lastBits, step.lastMaximum, from: position)
            if last.count > 0 { return last.end }
        }
        if afterLast == nil { failure = start..<position }
        return afterLast
    }

    private func endUntil(_ step: RunProgram.Instruction, from start: Int, _ failure: inout Range<Int>) -> Int? {
        if failure.contains(start) { return nil }
        var position = start
        var count = 0
        var end: Int?
        while true {
            if count >= step.minimum, holds(step, at: position) { end = position }
            guard position < text.end else { break }
            let (scalar, next) = text.scalar(at: position)
            guard Self.contains(step.bits, scalar) else { break }
            position = next
            count += 1
        }
        if end == nil { failure = start..<position }
        return end
    }

    private func endOfPhrase(from start: Int) -> Int? {
        guard text.holds(.letter, at: start) else { return nil }
        var position = start
        while true {
            position = text.endOfRun(of: [.letter, .mark], from: position)
            guard text.holds(UInt8(ascii: " "), at: position), text.holds(.letter, at: position + 1) else {
                return position
            }
            position += 1
        }
    }

    private func holds(_ step: RunProgram.Instruction, at position: Int) -> Bool {
        switch step.condition {
        case .textStart: position == 0
        case .lineStart: position == 0 || text.bytes[position - 1] == 0x0A && position < text.end
        case .textEnd: position == text.end
        case .lineEnd: position == text.end || text.bytes[position] == 0x0A
        case .notFollowedBy: position == text.end || !Self.contains(step.lastBits, text.scalar(at: position).value)
        }
    }
}
