import Knowledge
import Primitives
import Storage

/// What refinement made of a data set's questions, as `refinement.json` keeps it.
///
/// Invariants: the refined questions are on the disk before the record that has their hash, so a record without its
/// questions is damage and no state of a refinement; a directory holds one refinement.
public struct RefinementRecord: Sendable, Hashable {
    /// A model that was asked, and what its answers took.
    public struct Model: Sendable, Hashable {
        /// `solver`, `rewriter`, `reader`.
        public var role: String
        public var name: String
        public var usage: ModelUsage

        public init(role: String, name: String, usage: ModelUsage) {
            self.role = role
            self.name = name
            self.usage = usage
        }
    }

    static let format = "medresearcher.refinement/1"
    public static let fileName = "refinement.json"
    static let rowsName = "refinement.jsonl.zst"
    static let questionsDirectory = "refined"

    public let json: JSONValue

    /// - Parameters:
    ///   - inputs: what the refinement is a function of besides the models' answers: graph, questions, settings.
    ///   - given: the questions before.
    public init(inputs: JSONObject, given: [Question], result: QuestionRefinement.Result, models: [Model]) {
        json = [
            "format": .string(Self.format), "inputs": .object(inputs), "given": .integer(given.count),
            "questions": .integer(result.questions.count), "uncertified": .integer(result.uncertified),
            "questions_sha256": .string(Self.hash(of: result.questions)),
            "difficulty": result.calibration?.json ?? .null, "rewriting": result.rewriting?.json ?? .null,
            "models": .array(
                models.map { model -> JSONValue in
                    ["role": .string(model.role), "name": .string(model.name), "usage": model.usage.json]
                }),
            "summary": .string(result.summary),
        ]
    }

    private init(json: JSONValue) { self.json = json }

    /// For people.
    public var summary: String { json["summary"]?.stringValue ?? "" }

    /// What a refinement is a function of as far as questions go.
    public static func hash(of questions: [Question]) -> String {
        var hash = SHA256()
        for question in questions {
            hash.update(question.json.serialized())
            hash.update(question.certificate.json.serialized())
        }
        return hash.hexadecimal()
    }

    /// Writes `refined/` (the questions and their certificates), `refinement.jsonl.zst` (what became of each given question)
    /// and, last, `refinement.json`.
    public func write(
        _ result: QuestionRefinement.Result, given: [Question], graph: KnowledgeGraph, directory: String
    ) throws(SynthesisError) {
        let questions = directory + "/" + Self.questionsDirectory
        try DatasetFile.storing { () throws(StorageError) in try FileStore.createDirectory(questions) }
        try QuestionSet(questions: result.questions).write(directory: questions, graph: graph)
        let rewritings = Dictionary(result.rewritings.map { ($0.draft.id, $0.json) }) { first, _ in first }
        let difficulties = Dictionary(result.difficulties.map { ($0.draft.id, $0.json) }) { first, _ in first }
        let rows = given.map { question -> JSONValue in
            [
                "question_id": .string(question.id), "difficulty": difficulties[question.id] ?? .null,
                "rewriting": rewritings[question.id] ?? .null,
            ]
        }
        try DatasetFile.write(rows, directory + "/" + Self.rowsName)
        let bytes = json.serialized() + [UInt8(ascii: "\n")]
        try DatasetFile.storing { () throws(StorageError) in
            try FileStore.writeAtomically(bytes, to: directory + "/" + Self.fileName)
        }
    }

    /// The finished refinement that a directory holds, with its questions, whose certificates are verified again; `nil` where
    /// there is none yet.
    /// - Throws: also where the directory holds one of other inputs.
    public static func read(
        directory: String, inputs: JSONObject, graph: KnowledgeGraph
    ) throws(SynthesisError) -> (record: RefinementRecord, questions: [Question])? {
        let path = directory + "/" + fileName
        guard FileStore.exists(path) else { return nil }
        let bytes = try DatasetFile.storing { () throws(StorageError) in try FileStore.read(path) }
        let json = try DatasetFile.read(path) { () throws(JSONError) in
            let json = try JSONValue.parse(bytes)
            guard try json.string(at: "format") == format else {
                throw .unexpected(path: "format", expected: format, found: json["format"]?.text ?? "nothing")
            }
            return json
        }
        let stored = json["inputs"]
        let different = inputs.members.filter { stored?[$0.key] != $0.value }.map(\.key)
        guard different.isEmpty, stored?.objectValue?.count == inputs.count else {
            throw .otherRefinement(
                path: path, difference: different.isEmpty ? "further inputs" : different.joined(separator: ", "))
        }
        let questions = try QuestionSet.read(directory: directory + "/" + questionsDirectory, graph: graph).questions
        let hash = hash(of: questions)
        guard json["questions_sha256"]?.stringValue == hash else {
            throw .otherRefinement(path: "\(directory)/\(questionsDirectory)", difference: "the questions' hashes")
        }
        return (RefinementRecord(json: json), questions)
    }
}
