import Knowledge
import Primitives
import Rewards

/// Checks questions as a data set states them against the graph they are about: the certificate holds, and text, gold and
/// diagnosis say what it proves.
///
/// It reads rows alone and shares nothing with the code that words questions but the names that entities have in English.
public struct QuestionAudit: Sendable {
    /// What does not hold of a question.
    public enum Fault: String, Sendable, Hashable, CaseIterable {
        /// A field is missing or of another form.
        case unreadable
        /// There is no certificate of that question.
        case uncertified
        /// The certificate cannot be read on this graph, or does not hold.
        case certificate
        /// The gold's value is not the answer's name.
        case answer
        /// The gold's aliases are not the answer's synonyms.
        case aliases
        /// An anchor is not named in the text, or the row names other anchors.
        case anchor
        /// The row states another number of hops.
        case hops
        /// The row's chains or relations are not those of the certificate.
        case chain
        /// The text gives away the answer or an entity between.
        case leak
        /// Another question has the same id.
        case repeated
    }

    /// A fault, and what was found in place of what.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        public var fault: Fault
        public var text: String

        public var description: String { "\(fault.rawValue): \(text)" }
    }

    private let graph: KnowledgeGraph
    private let verifier: CertificateVerifier

    public init(graph: KnowledgeGraph) {
        self.graph = graph
        verifier = CertificateVerifier(graph: graph)
    }

    /// Everything that does not hold of a question, the certificate first.
    /// - Parameters:
    ///   - row: `question` and `gold`, and if they are there `hops`, `anchors`, `chains` and `relations`.
    ///   - certificate: what proves it; the row's own `certificate` if not given.
    public func findings(of row: JSONValue, certificate: JSONValue? = nil) -> [Finding] {
        let text: String
        let gold: Gold
        do throws(JSONError) {
            text = try row.string(at: "question")
            gold = try Gold(json: .object(try row.object(at: "gold")))
        } catch { return [Finding(fault: .unreadable, text: "\(error)")] }
        guard let certificate = certificate ?? row["certificate"], certificate != .null else {
            return [Finding(fault: .uncertified, text: "there is no certificate, expected one per question")]
        }
        let proven: Certificate
        do throws(KnowledgeError) { proven = try Certificate(json: certificate, graph: graph) } catch {
            return [Finding(fault: .certificate, text: "\(error)")]
        }
        if let failure = verifier.verify(proven) { return [Finding(fault: .certificate, text: "\(failure)")] }
        return goldFindings(gold, proven) + anchorFindings(row, text, proven) + chainFindings(row, proven)
            + leakFindings(text, proven)
    }

    // MARK: Claims

    private func goldFindings(_ gold: Gold, _ proven: Certificate) -> [Finding] {
        let answer = graph.entity(proven.answer)
        var findings: [Finding] = []
        if gold.type != .entity {
            findings.append(Finding(fault: .answer, text: "the gold is a \(gold.type.rawValue), expected an entity"))
        }
        if gold.value != answer.name {
            findings.append(
                Finding(fault: .answer, text: "the gold is “\(gold.value)”, expected “\(answer.name)” (\(answer.id))"))
        }
        let (stated, known) = (Set(gold.aliases), Set(answer.synonyms))
        for (what, names) in [("lacks", known.subtracting(stated)), ("has", stated.subtracting(known))]
        where !names.isEmpty {
            let list = names.sorted().prefix(3).map { "“\($0)”" }.joined(separator: ", ")
            let synonym = what == "lacks" ? "a synonym" : "no synonym"
            findings.append(Finding(fault: .aliases, text: "the gold \(what) \(list), \(synonym) of \(answer.name)"))
        }
        return findings
    }

    private func anchorFindings(_ row: JSONValue, _ text: String, _ proven: Certificate) -> [Finding] {
        var findings: [Finding] = []
        let entities = proven.query.constraints.map { graph.entity($0.anchor) }
        let names = entities.map(\.name)
        if let stated = row["anchors"], stated != .array(names.map { .string($0) }) {
            findings.append(
                Finding(
                    fault: .anchor,
                    text: "the row starts at \(stated.text), the certificate at \(names.joined(separator: ", "))"))
        }
        let search = LeakCheck(text: text)
        for entity in entities where !Self.isNamed(entity, in: text, search) {
            findings.append(Finding(fault: .anchor, text: "the text does not name “\(entity.name)” (\(entity.id))"))
        }
        return findings
    }

    /// Whether a text names an entity, by a name or synonym or in the form that it has in running English.
    private static func isNamed(_ entity: Entity, in text: String, _ search: LeakCheck) -> Bool {
        if let finding = search.finding(for: entity), finding.kind == .name || finding.kind == .reordered {
            return true
        }
        let text = text.lowercased()
        return [EnglishNames.object(entity), EnglishNames.member(entity)].contains { text.contains($0.lowercased()) }
    }

    private func chainFindings(_ row: JSONValue, _ proven: Certificate) -> [Finding] {
        var findings: [Finding] = []
        if let hops = row["hops"], hops != .integer(Int64(proven.hops)) {
            findings.append(
                Finding(fault: .hops, text: "the row states \(hops.text) hops, the certificate has \(proven.hops)"))
        }
        for (field, expected) in [("chains", proven.names(in: graph)), ("relations", proven.stepNames)] {
            guard let value = row[field], value != .texts(expected) else { continue }
            findings.append(
                Finding(
                    fault: .chain,
                    text:
                        "the row's \(field) are \(value.text), those of the certificate \(JSONValue.texts(expected).text)"
                ))
        }
        return findings
    }

    private func leakFindings(_ text: String, _ proven: Certificate) -> [Finding] {
        LeakCheck(text: text).findings(for: proven.sought.map { graph.entity($0) }).map { leak in
            Finding(fault: .leak, text: "the text gives away \(leak)")
        }
    }

}
