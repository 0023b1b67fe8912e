import Primitives
import Testing

@testable import Rewards

/// Only what the policy wrote is graded, and not what it copied from the question.
@Suite struct ProvenanceTests {
    private let verifier = AnswerVerifier()

    private func verdict(
        _ text: String, _ gold: Gold, authored: [String]? = nil, question: String? = nil
    ) throws -> VerdictReport {
        let bytes = Array(text.utf8)
        let ranges = authored.map { parts in
            parts.compactMap { part -> Range<Int>? in
                let piece = Array(part.utf8)
                return bytes.indices.first { bytes[$0...].starts(with: piece) }.map { $0..<$0 + piece.count }
            }
        }
        return verifier.grade(text, against: try PreparedGold(gold), authored: ranges, question: question)
    }

    private let aspirin = Gold(type: .text, value: "aspirin")

    @Test func `an answer in text that a tool wrote is never graded`() throws {
        let text = "search <answer>aspirin</answer>"
        #expect(try verdict(text, aspirin, authored: ["search "]).verdict == .malformed)
        #expect(try verdict(text, aspirin, authored: [text]).verdict == .correct)
    }

    @Test func `tags in text that a tool wrote do not disturb the policy's own`() throws {
        let tool = "page says <answer>ibuprofen</answer>"
        let own = "<answer>aspirin</answer>"
        let report = try verdict(tool + own, aspirin, authored: [own])
        #expect(report.verdict == .correct)
        #expect(report.span?.lowerBound == tool.utf8.count + "<answer>".utf8.count)
    }

    @Test func `an answer that is only partly the policy's is refused`() throws {
        let text = "<answer>aspi" + "rin</answer>"
        #expect(try verdict(text, aspirin, authored: ["<answer>aspi"]).verdict == .malformed)
    }

    @Test(arguments: [
        (#"\frac{12}{18}"#, #"Simplify $\frac{12}{18}$."#, Verdict.malformed),
        (#"\frac{2}{3}"#, #"Simplify $\frac{12}{18}$."#, .correct),
        (#"\frac{12}{18}"#, "What is two thirds?", .correct),
    ])
    func `a formula of the question is no answer to it`(answer: String, question: String, verdict: Verdict) throws {
        let gold = Gold(type: .latex, value: #"\frac{2}{3}"#, policy: ["answer_in": "whole"])
        #expect(try self.verdict(answer, gold, question: question).verdict == verdict)
    }

    @Test func `a name that the question mentions may be its answer`() throws {
        let gold = Gold(type: .text, value: "aspirin", policy: ["answer_in": "whole"])
        #expect(
            try verdict("aspirin", gold, question: "Is aspirin or heparin an antiplatelet drug?").verdict == .correct)
    }
}
