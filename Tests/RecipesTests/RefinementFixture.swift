import Foundation
import Knowledge
import Primitives
import Retrieval
import Storage
import Synchronization
import Synthesis
import Training

@testable import Recipes

/// A small graph on disk, and a server that plays every model of a synthesis about it.
///
/// What a model answers depends on what it is asked alone, so that no order of asking matters: the solver `strong` knows the
/// questions as they are and no harder version, `weak` knows nothing, the teacher walks the chain, the rewriter adds a few
/// words, the reader states the right query.
final class RefinementFixture: Sendable {
    let root = NSTemporaryDirectory() + "refinement-" + UUID().uuidString
    let graph: KnowledgeGraph
    /// As the recipe's synthesizer makes them.
    let given: [Question]
    /// What calibration with the two solvers leaves.
    let refined: [Question]
    /// Servers stay up as long as the fixture.
    private let servers = Mutex<[ScriptedServer]>([])

    private static let relations = """
        name\tinverse_name\tdomain\trange\ttransitive\tfunctional\tacyclic\tsentence\tinverse_sentence\tphrase\tinverse_phrase
        caused_by\tcauses\tdisease\tgene\tno\tno\tno\t{subject} is caused by {object}.\t{subject} causes {object}.\tthe gene that causes {x}\tthe disease caused by {x}
        treats\tis_treated_by\tdrug\tdisease\tno\tno\tno\t{subject} treats {object}.\t{subject} is treated by {object}.\tthe disease treated by {x}\tthe drug that treats {x}
        made_by\tmakes\tdrug\tmaker\tno\tno\tno\t{subject} is made by {object}.\t{subject} makes {object}.\tthe maker of {x}\tthe drug made by {x}
        based_in\tis_base_of\tmaker\tcity\tno\tno\tno\t{subject} is based in {object}.\t{subject} is the base of {object}.\tthe city of {x}\tthe maker based in {x}

        """
    private static let worlds = [
        ["Lundheim", "Orbant Laboratories", "Zelitum", "Vorosis", "GQRA"],
        ["Karsfeld", "Tessolin Works", "Morvaxin", "Kelphic fever", "HTZB"],
    ]

    init() async throws {
        var entities = "id\tname\ttype\tspecialty\tsynonyms\tcross_references\n"
        var triples = "head\trelation\ttail\tsource\tlicence\n"
        for (number, names) in Self.worlds.enumerated() {
            for (type, name) in zip(["city", "maker", "drug", "disease", "gene"], names) {
                entities += "\(type):\(number)\t\(name)\t\(type)\t\(type == "disease" ? "Neurology" : "")\t\t\n"
            }
            for (head, relation, tail) in [
                ("maker", "based_in", "city"), ("drug", "made_by", "maker"), ("drug", "treats", "disease"),
                ("disease", "caused_by", "gene"),
            ] { triples += "\(head):\(number)\t\(relation)\t\(tail):\(number)\tinvented\tCC0-1.0\n" }
        }
        let directory = root + "/graph"
        try FileStore.createDirectory(directory)
        for (name, text) in [("relations", Self.relations), ("entities", entities), ("triples", triples)] {
            try FileStore.writeAtomically(Array(text.utf8), to: "\(directory)/\(name).tsv")
        }
        graph = try KnowledgeGraph.load(directory: directory)
        let recipe = try RecipeTests.read(Self.recipe(graph: directory, "teacher: {kind: rules}"))
        given = try QuestionSynthesizer(configuration: recipe.synthesis.configuration)
            .questions(of: graph, seed: recipe.seed).questions
        let golds = Dictionary(given.map { ($0.text, $0.gold.value) }) { first, _ in first }
        let calibrator = DifficultyCalibrator(
            graph: graph, index: DocumentIndex(documents: MonographComposer().documents(of: graph)),
            panel: SolverPanel(solvers: [Knowing(golds: golds)]))
        refined = try await QuestionRefinement(graph: graph, calibrator: calibrator, rewriter: nil, seed: recipe.seed)
            .refine(given).questions
    }

    deinit { try? FileStore.remove(root) }

    private struct Knowing: LanguageModel {
        let name = "strong"
        var golds: [String: String]

        func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply {
            let answer = golds[prompt.messages.last?.content ?? ""] ?? "unknown"
            return LanguageModelReply(message: Message(role: .assistant, content: "<answer>\(answer)</answer>"))
        }
    }

    // MARK: Recipes

    private static func recipe(graph: String, _ rest: String) -> String {
        """
        name: refined
        knowledge: {graph: \(graph)}
        \(rest)
        synthesis:
          maximum_hops: 2
          exclude_relations: []
          held_out_questions: 0
          wording: english
          dataset: {openai: false, sharegpt: false}

        """
    }

    /// A recipe whose models are all at one server.
    /// - Parameters:
    ///   - strong: further fields of the first solver.
    ///   - parts: of `synthesis`, besides.
    func recipe(
        _ server: ScriptedServer, strong: String = "", concurrency: Int = 4,
        parts: [String] = ["difficulty", "rewriting"], teacher: String? = nil, more: String = "",
        overrides: [String] = []
    ) throws -> Recipe {
        func model(_ name: String) -> String { "url: \(server.url)/v1, model: \(name)" }
        let known = [
            "difficulty": """
              difficulty:
                attempts: 2
                tokens: 16
                solvers: [{\(model("strong"))\(strong)}, {\(model("weak"))}]

            """,
            "rewriting": """
              rewriting:
                attempts: 1
                rewriter: {\(model("writer")), prompt_price: 1, completion_price: 2}
                reader: {\(model("reader"))}

            """,
        ]
        let asking =
            "teacher: {kind: model, rollouts: 1, guided_share: 1, tool_failure_rate: 0, concurrency: \(concurrency), "
            + model("teacher") + "}"
        let text =
            Self.recipe(graph: root + "/graph", teacher ?? asking) + parts.compactMap { known[$0] }.joined() + more
        return try RecipeTests.read(text, overrides: overrides)
    }

    func run(_ recipe: Recipe, into name: String, stop: StopSignal = StopSignal()) async throws -> DatasetRun.Result {
        guard let teacher = recipe.teacher else { throw RecipeError(problems: []) }
        return try await DatasetRun(recipe, teacher: teacher, output: root + "/" + name, stop: stop).run { _ in }
    }

    /// Every file of a data set but those whose order is that of finishing, and the recipe.
    func files(_ name: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for directory in ["", "/refined"] {
            for file in try FileStore.list(root + "/" + name + directory) {
                let path = root + "/" + name + directory + "/" + file
                guard !file.hasSuffix(".jsonl"), file != "recipe.yaml", !FileStore.isDirectory(path) else { continue }
                files[directory + "/" + file] = try FileStore.read(path)
            }
        }
        return files
    }

    func json(_ name: String, _ file: String) throws -> JSONValue {
        try JSONValue.parse(FileStore.read("\(root)/\(name)/\(file)"))
    }

    // MARK: Models

    static let opening = "In the literature: "

    /// - Parameter replace: what a model says instead, given its name and the last message of what it is asked.
    func server(
        _ replace: @escaping @Sendable (String, String) -> ScriptedServer.Reply? = { _, _ in nil }
    ) throws -> ScriptedServer {
        let golds = Dictionary(given.map { ($0.text, $0.gold.value) }) { first, _ in first }
        let questions = Dictionary((given + refined).map { ($0.text, $0) }) { first, _ in first }
        let graph = graph
        let server = try ScriptedServer { request in
            guard let body = try? JSONValue.parse(request.body), let model = body["model"]?.stringValue,
                let messages = body["messages"]?.arrayValue
            else { return .json("{}", status: 400) }
            let asked = messages.last { $0["role"]?.stringValue == "user" }?["content"]?.stringValue ?? ""
            if let reply = replace(model, asked) { return reply }
            switch model {
            case "strong": return Self.reply("<answer>\(golds[asked] ?? "unknown")</answer>")
            case "writer":
                let task = (try? JSONValue.parse(asked))?["question"]?.stringValue ?? ""
                return Self.reply(JSONValue.object(["question": .string(Self.opening + task)]).text)
            case "reader":
                let question = questions[String(asked.dropFirst(Self.opening.count))]
                return Self.reply(
                    question.map { EntityDescription($0.certificate.query).json(in: graph).text } ?? "no idea")
            case "teacher":
                let text = asked.prefix { $0 != "\n" }
                let plain = text.hasPrefix(Self.opening) ? text.dropFirst(Self.opening.count) : text
                let turn = messages.count { $0["role"]?.stringValue == "assistant" }
                guard let chain = questions[String(plain)]?.chains.first, turn < chain.count - 1 else {
                    return Self.reply(
                        "<answer>\(questions[String(plain)]?.gold.value ?? "?")</answer>", thinking: "Done.")
                }
                return Self.search(chain[turn])
            default: return Self.reply("<answer>unknown</answer>")
            }
        }
        servers.withLock { $0.append(server) }
        return server
    }

    static func reply(_ text: String, thinking: String? = nil) -> ScriptedServer.Reply {
        completion([
            "role": "assistant", "content": .string(text), "reasoning_content": thinking.map { .string($0) } ?? .null,
        ])
    }

    private static func search(_ name: String) -> ScriptedServer.Reply {
        let call: JSONValue = [
            "id": "c", "type": "function",
            "function": ["name": "search", "arguments": .string(JSONValue.object(["query": .string(name)]).text)],
        ]
        return completion([
            "role": "assistant", "content": "", "reasoning_content": .string("Look up \(name)."),
            "tool_calls": .array([call]),
        ])
    }

    private static func completion(_ message: JSONValue) -> ScriptedServer.Reply {
        let body: JSONValue = [
            "choices": [
                [
                    "message": message,
                    "finish_reason": message["tool_calls"] == nil ? "stop" : "tool_calls",
                ]
            ], "usage": ["prompt_tokens": 10, "completion_tokens": 2],
        ]
        return .json(body.text)
    }
}
