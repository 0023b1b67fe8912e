import Knowledge
import Primitives
import Retrieval

/// The questions made from a graph, by split, with an account of what was left out.
public struct QuestionSet: Sendable {
    /// Why certified queries did not become questions.
    public struct Counts: Sendable, Hashable {
        /// Certified queries within the configured bounds.
        public var certified = 0
        /// Left out because the text would name the answer or an intermediate entity.
        public var leaking = 0
        /// Left out because the anchor's search was cut at its bound on work: the number of such anchors.
        public var truncatedAnchors = 0
        /// Left out because an answer or an intermediate entity is that of a held-out question.
        public var entangled = 0
        /// Left out because the reinforcement split has all it asked for.
        public var surplus = 0

        public init() {}
    }

    /// Ordered by id.
    public var questions: [Question]
    public var counts: Counts

    public init(questions: [Question], counts: Counts = Counts()) {
        self.questions = questions
        self.counts = counts
    }

    public var supervised: [Question] { questions.filter { $0.split == .supervised } }
    public var reinforcement: [Question] { questions.filter { $0.split == .reinforcement } }
    public var heldOut: [Question] { questions.filter { $0.split == .heldOut } }

    /// How many questions of each number of hops a split has, ascending.
    public func hopCounts(of split: Question.Split) -> [(hops: Int, count: Int)] {
        var counts: [Int: Int] = [:]
        for question in questions where question.split == split { counts[question.hops, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// One line per split and one for what was left out, for people.
    public var summary: String {
        var lines = Question.Split.allCases.map { split in
            let counts = hopCounts(of: split)
            let hops = counts.map { "\($0.count) of \($0.hops) hops" }.joined(separator: ", ")
            return "\(split.rawValue): \(counts.reduce(0) { $0 + $1.count }) questions"
                + (hops.isEmpty ? "" : " (\(hops))")
        }
        lines.append(
            "left out of \(counts.certified) certified queries: \(counts.leaking) whose text names an entity they ask for, "
                + "\(counts.entangled) that share an entity with a held-out question, \(counts.surplus) over the limit")
        if counts.truncatedAnchors > 0 {
            lines.append("the search was cut at its bound on work for \(counts.truncatedAnchors) anchors")
        }
        return lines.joined(separator: "\n")
    }

    static let questionsFile = "questions.jsonl.zst"
    public static let certificatesFile = "certificates.jsonl.zst"

    /// Writes `questions.jsonl.zst` and `certificates.jsonl.zst`, one row per question in both. With each certificate stands
    /// its evidence: for each constraint and hop the ids of the documents an agent can find that state it.
    public func write(
        directory: String, graph: KnowledgeGraph, composer: MonographComposer = MonographComposer()
    ) throws(SynthesisError) {
        let certificates = questions.map { question -> JSONValue in
            let evidence = question.certificate.proofs.map { proof -> JSONValue in
                let hops = proof.query.steps.indices.map { hop in
                    composer.evidence(
                        for: proof.query.steps[hop], from: proof.witness[hop], to: proof.witness[hop + 1], in: graph)
                }
                return .texts(hops)
            }
            return [
                "question_id": .string(question.id), "certificate": question.certificate.json,
                "evidence": .array(evidence),
            ]
        }
        try DatasetFile.write(questions.map(\.json), directory + "/" + Self.questionsFile)
        try DatasetFile.write(certificates, directory + "/" + Self.certificatesFile)
    }

    /// Reads what `write` wrote and checks every certificate against the graph. The counts are not stored.
    public static func read(directory: String, graph: KnowledgeGraph) throws(SynthesisError) -> QuestionSet {
        let certificatesPath = directory + "/" + certificatesFile
        var certificates: [String: JSONValue] = [:]
        for row in try DatasetFile.rows(certificatesPath) {
            let (id, json) = try DatasetFile.read(certificatesPath) { () throws(JSONError) in
                (try row.string(at: "question_id"), JSONValue.object(try row.object(at: "certificate")))
            }
            certificates[id] = json
        }
        let verifier = CertificateVerifier(graph: graph)
        let path = directory + "/" + questionsFile
        var questions: [Question] = []
        for row in try DatasetFile.rows(path) {
            let id = try DatasetFile.read(path) { () throws(JSONError) in try row.string(at: "id") }
            guard let json = certificates[id] else {
                throw .missingCertificate(question: id, path: certificatesPath)
            }
            let certificate: Certificate
            do throws(KnowledgeError) { certificate = try Certificate(json: json, graph: graph) } catch {
                throw .knowledge(error)
            }
            if let failure = verifier.verify(certificate) { throw .refutedCertificate(question: id, failure: failure) }
            questions.append(
                try DatasetFile.read(path) { () throws(JSONError) in
                    try Question(json: row, certificate: certificate)
                })
        }
        return QuestionSet(questions: questions)
    }
}
