/// Matches the first of several alternatives, each a sequence of runs of sets of scalars, each run as long as possible.
///
/// No run is ever shortened again. ``SplitPatternParser`` only builds sequences for which that changes nothing.
struct RunScanner: SplitScanner {
    struct Run: Sendable, Hashable {
        var scalars: ScalarSet
        var minimum = 1
        var maximum = 1
    }

    let alternatives: [[Run]]

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        for alternative in alternatives {
            if let end = Self.end(of: alternative, in: text, at: start) { return end }
        }
        return nil
    }

    private static func end(of runs: [Run], in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        var position = start
        for run in runs {
            var count = 0
            while count < run.maximum, position < text.count {
                let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
                guard run.scalars.contains(scalar) else { break }
                position += width
                count += 1
            }
            if count < run.minimum { return nil }
        }
        return position
    }
}
