/// The length reward of Kimi k1.5 (arXiv 2501.12599, section 2.3.3) within one group: `½ − (length − shortest) / (longest
/// − shortest)`, for a wrong answer at most 0; 0 for all where all are of one length.
enum KimiLength {
    static func values(lengths: [Int], isCorrect: [Bool]) -> [Double] {
        guard let shortest = lengths.min(), let longest = lengths.max() else { return [] }
        return zip(lengths, isCorrect).map { length, isCorrect in
            value(length: length, shortest: shortest, longest: longest, isCorrect: isCorrect)
        }
    }

    static func value(length: Int, shortest: Int, longest: Int, isCorrect: Bool) -> Double {
        guard longest > shortest else { return 0 }
        let value = 0.5 - Double(length - shortest) / Double(longest - shortest)
        return isCorrect ? value : min(0, value)
    }
}
