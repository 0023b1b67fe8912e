@testable import Rewards

/// Reads one text as an answer is read: through the front door, then by a reader.
func canonicalName(_ text: String, _ reader: some AnswerReader) -> String? {
    var work = Work()
    do throws(AnswerProblem) {
        let clean = try TextHygiene.clean(Array(text.utf8)[...], work: &work)
        return try reader.read(clean, side: .prediction, work: &work).text
    } catch {
        return nil
    }
}

/// The problem with one text; `nil` where it has a canonical form.
func nameProblem(_ text: String, _ reader: some AnswerReader) -> AnswerProblem? {
    var work = Work()
    do throws(AnswerProblem) {
        let clean = try TextHygiene.clean(Array(text.utf8)[...], work: &work)
        _ = try reader.read(clean, side: .prediction, work: &work)
        return nil
    } catch {
        return error
    }
}

/// A small deterministic generator (splitmix64).
struct NameGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A text of characters that the readers treat in special ways, and of arbitrary ones.
    mutating func text(maximumLength: Int) -> String {
        let special = Array(
            "aAeEsStThHnN 'x\u{2019}\u{2019}\"()[]{}.,;:!?-+/%\t\n0159aeiou\u{B2}\u{BD}\u{2082}\u{B5}\u{3B1}\u{3BF}\u{416}\u{200B}\u{E9}\u{301}\u{DF}\u{130}\u{FF21}\u{1D400}\u{FB03}\u{2122}\u{3164}\u{A0}"
                .unicodeScalars)
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...maximumLength, using: &self) {
            if Int.random(in: 0..<12, using: &self) > 0 {
                scalars.append(special[Int.random(in: 0..<special.count, using: &self)])
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0x20...0x1_FFFF, using: &self)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
