import ArgumentParser
import Knowledge
import Primitives

struct KnowledgeQuery: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Executes a query on a graph and certifies its answer.",
        discussion: """
            A chain is an entity's name or id and the relations to follow, with ^ in front of one that is read from tail \
            to head, all separated by " > ": "Brugada syndrome 4 > caused_by_variant_in > located_at". Several chains \
            ask for what all of them reach.
            """)

    @OptionGroup var graph: GraphArgument

    @Argument(help: "Chains that end at the answer.")
    var chains: [String]

    @Flag(help: "Execute on all facts that the graph entails, not on those it asserts alone.")
    var entailed = false

    @Option(help: "How many answers are shown.")
    var limit = 20

    @Flag(help: "Print the certificate, or why there is none, as JSON.")
    var json = false

    func run() throws {
        let facts = try graph.load().facts(entailed ? .entailed : .asserted)
        let query = ConjunctiveQuery(constraints: try chains.map { try Self.chain($0, graph: facts.graph) })
        let result = facts.certify(query)
        if json {
            switch result {
            case .success(let certificate): print(certificate.json.text)
            case .failure(let failure): print((["failure": .string("\(failure)")] as JSONValue).text)
            }
            return
        }
        for (chain, text) in zip(query.constraints, chains) {
            print(
                "\(text): \(facts.answers(chain).map { "\($0.count)" }.joined(separator: " → ")) candidates after each step"
            )
        }
        let answers = facts.answers(query)
        print("\(answers.count) \(answers.count == 1 ? "answer" : "answers")")
        for answer in answers.prefix(limit) {
            let entity = facts.graph.entity(answer)
            print("  \(entity.name) (\(entity.type), \(entity.id))")
        }
        if answers.count > limit { print("  …") }
        switch result {
        case .success: print("certified: one answer, every fact necessary, no shorter path")
        case .failure(let failure): print("not certified: \(failure)")
        }
    }

    private static func chain(_ text: String, graph: KnowledgeGraph) throws -> ChainQuery {
        let parts = text.split(separator: " > ").map(String.init)
        guard let name = parts.first, let anchor = graph.index(name: name) ?? graph.index(id: name) else {
            throw ValidationError(unknown(parts.first ?? text, graph: graph))
        }
        let steps = try parts.dropFirst().map { name -> Step in
            guard let step = graph.step(named: name) else {
                let names = graph.relations.map(\.name)
                let plain = name.hasPrefix("^") ? String(name.dropFirst()) : name
                // The inverse names of relations are told, but not asked by.
                let inverse = graph.relations.first { $0.inverseName == plain }.map { "^" + $0.name }
                let hint = (inverse ?? NearestName.of(plain, in: names)).map { "; did you mean `\($0)`?" } ?? "."
                throw ValidationError(
                    "`\(name)` is no relation of the graph\(hint) It has \(names.joined(separator: ", ")), each with ^ in "
                        + "front for the inverse")
            }
            return step
        }
        guard !steps.isEmpty else {
            throw ValidationError("`\(text)` has no relation after the entity, expected “\(text) > relation”")
        }
        return ChainQuery(anchor: anchor, steps: steps)
    }

    /// What to do about a name that the graph does not have.
    private static func unknown(_ name: String, graph: KnowledgeGraph) -> String {
        if name.contains(">") {
            return "`\(name)` is no name, synonym or id of the graph; put a space on either side of each >"
        }
        // Names of about that length alone: graphs may have a million.
        let length = name.count
        let names = graph.entities.map(\.name).filter { abs($0.count - length) <= max(1, length / 4) }
        return "`\(name)` is no name, synonym or id of the graph"
            + (NearestName.of(name, in: names).map { "; did you mean `\($0)`?" } ?? "")
    }
}
