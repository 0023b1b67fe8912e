import ArgumentParser
import Foundation
import Primitives
import Rewards

/// Throws random and structured bytes at every reader, looking for a crash, a hang or a cost beyond the bound.
struct RewardsFuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewards-fuzz", abstract: "Grades random bytes under every answer type.",
        discussion: "Ends with status 1 at the first answer whose cost is beyond its bound; a crash names its seed.")

    @Option(help: "Inputs in all.")
    var inputs = 1_000_000

    @Option(help: "The seed; input number i of a seed is always the same.")
    var seed: UInt64 = 1

    /// Pieces that readers react to; random sequences of them reach deeper than random bytes.
    private static let pieces = [
        "\\frac", "{", "}", "(", ")", "[", "]", "\\sqrt", "^", "_", "+", "-", "=", "1", "23", "0.5", ",", ";", " ", "x",
        "\\boxed{", "$", "\\text{", "<answer>", "</answer>", "<think>", "</think>", "mg", "/", "dL", "%", "or", "and",
        "±",
        "\\pi", "e", "i", "10^", "!", "|", "\"", ":", "{\"a\":", "null", "true", "yes", "BRCA1", "c.76", "A>T", "p.(",
        "Ter",
        "NCT01234567", "2021-03-04", "P1D", "January", "é", "α", "\u{430}", "\u{200B}", "\u{202E}", "½", "²", "°C",
        "\\sum",
        "\\int", "\\begin{matrix}", "&", "\\\\", "\\end{matrix}", "\n", "final answer is", "####", "≥", "∞", "\\cup",
        "'",
    ].map { Array($0.utf8) }

    private static let golds: [(AnswerType, String)] = [
        (.text, "aspirin"), (.number, "42"), (.percent, "50%"), (.quantity, "5 mg"), (.range, "5-10 mg"),
        (.date, "2021-03-04"), (.datetime, "2021-03-04T10:00"), (.duration, "P1D"), (.identifier, "NCT01234567"),
        (.variant, "NM_004006.2:c.4375C>T"), (.gene, "BRCA1"), (.drug, "warfarin"), (.disease, "type 2 diabetes"),
        (.list, "a, b"), (.multiset, "a, b"), (.set, "a, b"), (.boolean, "yes"), (.choice, "B"), (.json, "{\"a\":1}"),
        (.latex, "\\frac{1}{2}"),
    ]

    private static let places = [
        "automatic", "whole", "boxed", "tag:answer", "final_answer", "last_number",
    ]

    func run() throws {
        let golds = try Self.golds.flatMap { type, value in
            try (Self.places + (type == .latex ? ["math_prose"] : [])).map {
                try PreparedGold(Gold(type: type, value: value, policy: ["answer_in": .string($0)]))
            }
        }
        let verifier = AnswerVerifier()
        var counts: [Verdict: Int] = [:]
        var slowest = (operations: 0, seconds: 0.0, input: 0)
        for number in 0..<inputs {
            var random = CounterRandom(seed: seed, stage: .evaluation, step: number)
            let text = String(decoding: Self.bytes(&random), as: UTF8.self)
            let gold = golds[random.integer(below: golds.count)]
            let start = ContinuousClock.now
            let report = verifier.grade(text, against: gold)
            let seconds = start.duration(to: .now).seconds
            counts[report.verdict, default: 0] += 1
            if seconds > slowest.seconds { slowest = (report.operations, seconds, number) }
            guard report.operations <= 2 * verifier.limits.operations else {
                print("seed \(seed), input \(number): \(report.operations) operations for \(text.utf8.count) bytes")
                throw ExitCode.failure
            }
        }
        let summary = Verdict.allCases.map { "\($0.rawValue) \(counts[$0, default: 0])" }.joined(separator: ", ")
        print("\(inputs) inputs of seed \(seed): \(summary)")
        print(
            String(
                format: "slowest: input %d, %.2f ms, %d operations", slowest.input, slowest.seconds * 1e3,
                slowest.operations))
    }

    private static func bytes(_ random: inout CounterRandom) -> [UInt8] {
        if random.integer(below: 4) == 0 {
            return (0..<random.integer(below: 200)).map { _ in UInt8(random.integer(below: 256)) }
        }
        return (0..<random.integer(below: 40)).flatMap { _ in pieces[random.integer(below: pieces.count)] }
    }
}
