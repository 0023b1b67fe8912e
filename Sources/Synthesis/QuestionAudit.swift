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
        /// The row's chain or relations are not those of the certificate.
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
    ///   - row: `question` and `gold`, and if they are there `hops`, `anchor` or `anchors`, `chain` and `relations`.
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
        let proven: ProvenQuery
        do throws(KnowledgeError) { proven = try ProvenQuery(certificate, graph: graph) } catch {
            return [Finding(fault: .certificate, text: "\(error)")]
        }
        if let failure = proven.failure(verifier) { return [Finding(fault: .certificate, text: "\(failure)")] }
        return goldFindings(gold, proven) + anchorFindings(row, text, proven) + chainFindings(row, proven)
            + leakFindings(text, proven)
    }

    // MARK: Claims

    private func goldFindings(_ gold: Gold, _ proven: ProvenQuery) -> [Finding] {
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

    private func anchorFindings(_ row: JSONValue, _ text: String, _ proven: ProvenQuery) -> [Finding] {
        var findings: [Finding] = []
        let entities = proven.anchors.map { graph.entity($0) }
        let stated = Self.texts(row["anchor"] ?? row["anchors"])
        let names = entities.map(\.name)
        if let stated, Set(stated) != Set(names) {
            findings.append(
                Finding(
                    fault: .anchor,
                    text: "the row starts at \(Self.list(stated)), the certificate at \(Self.list(names))"))
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

    private func chainFindings(_ row: JSONValue, _ proven: ProvenQuery) -> [Finding] {
        var findings: [Finding] = []
        if let hops = row["hops"], hops != .integer(Int64(proven.hops)) {
            findings.append(
                Finding(fault: .hops, text: "the row states \(hops.text) hops, the certificate has \(proven.hops)"))
        }
        let names = proven.witnesses.map { $0.map { graph.name(of: $0) } }
        let steps = proven.steps.map { $0.map { graph.name(of: $0) } }
        for (field, expected) in [("chain", names), ("relations", steps)] {
            guard let value = row[field], let stated = Self.texts(value) else { continue }
            // A conjunction's entities stand in the row once each; those of a chain in its order.
            let agrees =
                expected.count == 1 || field == "relations"
                ? stated == expected.flatMap { $0 } : Set(stated) == Set(expected.joined())
            if !agrees {
                findings.append(
                    Finding(
                        fault: .chain,
                        text: "the row's \(field) are \(Self.list(stated)), those of the certificate "
                            + expected.map(Self.list).joined(separator: "; ")))
            }
        }
        return findings
    }

    private func leakFindings(_ text: String, _ proven: ProvenQuery) -> [Finding] {
        var seen = Set(proven.anchors)
        let sought = ([proven.answer] + proven.witnesses.joined()).filter { seen.insert($0).inserted }
        return LeakCheck(text: text).findings(for: sought.map { graph.entity($0) }).map { leak in
            Finding(fault: .leak, text: "the text gives away \(leak)")
        }
    }

    /// A text, or the texts of an array and the arrays in it; `nil` where there is anything else.
    private static func texts(_ value: JSONValue?) -> [String]? {
        if let text = value?.stringValue { return [text] }
        guard let values = value?.arrayValue else { return nil }
        var texts: [String] = []
        for value in values {
            guard let inner = Self.texts(value) else { return nil }
            texts += inner
        }
        return texts
    }

    private static func list(_ texts: [String]) -> String { texts.map { "“\($0)”" }.joined(separator: ", ") }
}

/// What the audit needs to know of a certificate, of a chain or of a conjunction.
private struct ProvenQuery {
    let answer: EntityIndex
    let hops: Int
    /// Without repetition.
    let anchors: [EntityIndex]
    /// For each constraint the entities from anchor to answer, and the steps.
    let witnesses: [[EntityIndex]]
    let steps: [[Step]]
    let failure: (CertificateVerifier) -> CertificateFailure?

    init(_ json: JSONValue, graph: KnowledgeGraph) throws(KnowledgeError) {
        if json["format"]?.stringValue == Certificate.format {
            let certificate = try Certificate(json: json, graph: graph)
            answer = certificate.answer
            hops = certificate.hops
            anchors = [certificate.query.anchor]
            witnesses = [certificate.witness]
            steps = [certificate.query.steps]
            failure = { $0.verify(certificate) }
            return
        }
        let certificate = try QueryCertificate(json: json, graph: graph)
        answer = certificate.answer
        hops = certificate.hops
        var seen: Set<EntityIndex> = []
        anchors = certificate.proofs.map(\.query.anchor).filter { seen.insert($0).inserted }
        witnesses = certificate.proofs.map(\.witness)
        steps = certificate.proofs.map(\.query.steps)
        failure = { $0.verify(certificate) }
    }
}
