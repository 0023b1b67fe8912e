import Primitives

/// Audited questions counted by what does not hold of them, with a line for every fault.
public struct QuestionAuditSummary: Sendable {
    public private(set) var questions = 0
    /// Questions with any fault.
    public private(set) var faulty = 0
    /// Questions with a fault of each kind.
    public private(set) var counts: [QuestionAudit.Fault: Int] = [:]
    public private(set) var problems: [String] = []
    /// Certificates that no question has.
    public private(set) var idleCertificates = 0

    public init() {}

    public var isClean: Bool { faulty == 0 && idleCertificates == 0 }

    /// - Parameter name: what the question is called in a line about it.
    public mutating func add(_ findings: [QuestionAudit.Finding], name: String) {
        questions += 1
        if !findings.isEmpty { faulty += 1 }
        for fault in Set(findings.map(\.fault)) { counts[fault, default: 0] += 1 }
        problems += findings.map { "\(name): \($0)" }
    }

    mutating func addIdleCertificate(_ name: String) {
        idleCertificates += 1
        problems.append("\(name): a certificate without a question")
    }

    /// Kinds of faults in the order of ``QuestionAudit/Fault``.
    private var sortedCounts: [(fault: QuestionAudit.Fault, count: Int)] {
        QuestionAudit.Fault.allCases.compactMap { fault in counts[fault].map { (fault, $0) } }
    }

    /// One sentence a line, for people.
    public var text: String {
        var lines = [
            "\(questions - faulty) of \(questions) questions hold: certificate, gold, anchors, hops, and a text that gives "
                + "nothing away"
        ]
        if faulty > 0 {
            lines.append("  " + sortedCounts.map { "\($0.count) \($0.fault.rawValue)" }.joined(separator: ", "))
        }
        if idleCertificates > 0 { lines.append("\(idleCertificates) certificates belong to no question") }
        return lines.joined(separator: "\n")
    }

    public var json: JSONValue {
        [
            "questions": .integer(questions), "faulty": .integer(faulty),
            "faults": .object(
                JSONObject(uniqueKeysWithValues: sortedCounts.map { ($0.fault.rawValue, .integer($0.count)) })),
            "certificates_without_question": .integer(idleCertificates),
            "problems": .array(problems.map { .string($0) }),
        ]
    }
}
