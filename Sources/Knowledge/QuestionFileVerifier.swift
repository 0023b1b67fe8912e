import Primitives

/// Checks the rows of a dataset of questions against a graph: rows that are certificates or hold one as `certificate`,
/// and rows with a `relation_path` as ``ReferenceQuestion`` reads them.
public struct QuestionFileVerifier: Sendable {
    /// What became of one row.
    public enum Outcome: Sendable, Hashable {
        case certificateHolds
        case certificateRefuted(CertificateFailure)
        case reference(ReferenceAudit.Verdict)
        case unreadable(String)
    }

    /// Rows counted by what became of them, and a line for every one that does not hold.
    public struct Summary: Sendable {
        public var certificates = 0
        public var refuted = 0
        public var references = 0
        public var reproduced = 0
        /// References with one entailed answer, and what our stricter certificate says of those.
        public var unique = 0
        public var certified = 0
        public var uniqueWithoutAnchorOnly = 0
        public var withShortcut = 0
        public var withSeveralWalks = 0
        public var withoutCertificateOtherwise = 0
        public var unreadable = 0
        public var problems: [String] = []

        /// Whether every row could be read and every claim holds.
        public var isClean: Bool { refuted == 0 && unreadable == 0 && reproduced == references }

        public init() {}

        public mutating func add(_ outcome: Outcome, id: String) {
            switch outcome {
            case .certificateHolds: certificates += 1
            case .certificateRefuted(let failure):
                certificates += 1
                refuted += 1
                problems.append("\(id): \(failure)")
            case .unreadable(let reason):
                unreadable += 1
                problems.append("\(id): \(reason)")
            case .reference(let verdict):
                references += 1
                if verdict.isReproduced {
                    reproduced += 1
                } else {
                    problems.append("\(id): other values of \(verdict.differing.joined(separator: ", "))")
                }
                if verdict.entailedAnswers == 1 { count(verdict) }
            }
        }

        private mutating func count(_ verdict: ReferenceAudit.Verdict) {
            unique += 1
            switch verdict.failure {
            case nil: certified += 1
            case .severalAnswers? where verdict.isAnchorsDoing: uniqueWithoutAnchorOnly += 1
            case .shortcut?: withShortcut += 1
            case .unnecessaryFacts?: withSeveralWalks += 1
            default: withoutCertificateOtherwise += 1
            }
        }

        /// One sentence a line, for people.
        public var text: String {
            var lines: [String] = []
            if certificates > 0 { lines.append("\(certificates - refuted) of \(certificates) certificates hold") }
            if references > 0 {
                lines.append(
                    "\(reproduced) of \(references) questions have the recorded candidates, answer and distance")
                lines.append(
                    "\(unique) of them have one answer under entailment where the anchor does not count; of these")
                lines.append("  \(certified) certify")
                lines.append("  \(uniqueWithoutAnchorOnly) have another answer when a walk may come back to the anchor")
                lines.append("  \(withShortcut) have a shorter path over entailed facts")
                lines.append("  \(withSeveralWalks) have several walks to the answer: no single fact is necessary")
                if withoutCertificateOtherwise > 0 {
                    lines.append("  \(withoutCertificateOtherwise) do not certify for another reason")
                }
            }
            if unreadable > 0 { lines.append("\(unreadable) rows could not be read") }
            return lines.joined(separator: "\n")
        }

        public var json: JSONValue {
            [
                "certificates": .integer(Int64(certificates)), "refuted": .integer(Int64(refuted)),
                "references": .integer(Int64(references)), "reproduced": .integer(Int64(reproduced)),
                "unique_under_entailment": .integer(Int64(unique)), "certified": .integer(Int64(certified)),
                "unique_without_anchor_only": .integer(Int64(uniqueWithoutAnchorOnly)),
                "with_shortcut": .integer(Int64(withShortcut)),
                "with_several_walks": .integer(Int64(withSeveralWalks)),
                "without_certificate_otherwise": .integer(Int64(withoutCertificateOtherwise)),
                "unreadable": .integer(Int64(unreadable)), "problems": .array(problems.map { .string($0) }),
            ]
        }
    }

    private let graph: KnowledgeGraph
    private let verifier: CertificateVerifier
    private let audit: ReferenceAudit

    public init(graph: KnowledgeGraph) throws(KnowledgeError) {
        self.graph = graph
        verifier = CertificateVerifier(graph: graph)
        audit = try ReferenceAudit(graph: graph)
    }

    /// - Parameter line: the row's number, from 1, for errors.
    public func outcome(of row: JSONValue, line: Int) -> Outcome {
        do throws(KnowledgeError) {
            if row["relation_path"] != nil {
                return .reference(audit.verdict(on: try ReferenceQuestion(json: row, line: line, graph: graph)))
            }
            let json = row["certificate"] ?? row
            if let certified = Self.graphDigest(of: row), certified != graph.digest {
                return .certificateRefuted(.otherGraph(certified: certified, given: graph.digest))
            }
            switch json["format"]?.stringValue {
            case Certificate.format?:
                return outcome(verifier.verify(try Certificate(json: json, graph: graph)))
            default:
                throw KnowledgeError.invalidQuestion(
                    line: line, field: "format", value: json["format"]?.text ?? "missing",
                    expected: "\(Certificate.format), or a relation_path")
            }
        } catch {
            // The summary names the line itself.
            let (text, place) = ("\(error)", "line \(line), ")
            return .unreadable(text.hasPrefix(place) ? String(text.dropFirst(place.count)) : text)
        }
    }

    private func outcome(_ failure: CertificateFailure?) -> Outcome {
        failure.map { .certificateRefuted($0) } ?? .certificateHolds
    }

    /// The name of a row in reports.
    public static func id(of row: JSONValue, line: Int) -> String {
        let id = row["id"]?.stringValue ?? row["question_id"]?.stringValue
        return "line \(line)" + (id.map { " (\($0))" } ?? "")
    }

    /// The digest of the graph that a row's certificate was made for.
    public static func graphDigest(of row: JSONValue) -> String? {
        (row["certificate"] ?? row)["graph"]?.stringValue
    }
}
