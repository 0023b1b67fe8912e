import Knowledge
import Primitives

extension EntityDescription {
    /// `{"id": …}` for a name, `{"blurred": …, "ids": […]}`, or `{"all": [{"step": …, "of": …}, …]}`, with the ids of
    /// entities and the steps as `KnowledgeGraph.name(of:)` writes them.
    public func json(in graph: KnowledgeGraph) -> JSONValue {
        switch self {
        case .named(let entity): ["id": .string(graph.entity(entity).id)]
        case .blurred(let label, let members):
            ["blurred": .string(label), "ids": .array(members.map { .string(graph.entity($0).id) })]
        case .constrained(let constraints):
            [
                "all": .array(
                    constraints.map { constraint -> JSONValue in
                        ["step": .string(graph.name(of: constraint.step)), "of": constraint.source.json(in: graph)]
                    })
            ]
        }
    }

    /// Descriptions nested deeper than this are refused.
    static let maximumDepth = 16

    /// Reads what `json(in:)` writes. A name may also be given as `{"name": …}`, in whatever case.
    public init(json: JSONValue, graph: KnowledgeGraph) throws(JSONError) {
        self = try Self.read(json, graph: graph, path: "description", depth: 0)
    }

    private static func read(
        _ json: JSONValue, graph: KnowledgeGraph, path: String, depth: Int
    ) throws(JSONError) -> EntityDescription {
        func entity(id: String, _ path: String) throws(JSONError) -> EntityIndex {
            guard let index = graph.index(id: id) else {
                throw .unexpected(path: path, expected: "an id of the graph", found: "`\(id)`")
            }
            return index
        }
        if let id = json["id"]?.stringValue { return .named(try entity(id: id, path + ".id")) }
        if let name = json["name"]?.stringValue {
            guard let index = graph.index(name: name) else {
                throw .unexpected(path: path + ".name", expected: "a name of the graph", found: "`\(name)`")
            }
            return .named(index)
        }
        if let label = json["blurred"]?.stringValue {
            var members: [EntityIndex] = []
            for id in try json.texts(at: "ids") { members.append(try entity(id: id, path + ".ids")) }
            return .blurred(label: label, members: members)
        }
        guard let rows = json["all"]?.arrayValue, !rows.isEmpty, depth < maximumDepth else {
            throw .unexpected(
                path: path, expected: "`id`, `name`, `blurred` or a list `all` at most \(maximumDepth) levels deep",
                found: String(json.text.prefix(120)))
        }
        var constraints: [Constraint] = []
        for (number, row) in rows.enumerated() {
            let place = "\(path).all[\(number)]"
            let name = try row.string(at: "step")
            guard let step = graph.step(named: name) else {
                throw .unexpected(
                    path: place + ".step", expected: "a relation of the graph, with ^ for the inverse",
                    found: "`\(name)`")
            }
            let source = row["of"] ?? .null
            constraints.append(
                Constraint(step: step, source: try read(source, graph: graph, path: place + ".of", depth: depth + 1)))
        }
        return .constrained(constraints)
    }

    /// The chain that the description is, if it has one constraint at every level and ends in a name.
    public var chain: ChainQuery? {
        switch self {
        case .named(let entity): return ChainQuery(anchor: entity, steps: [])
        case .blurred: return nil
        case .constrained(let constraints):
            guard constraints.count == 1, var chain = constraints[0].source.chain else { return nil }
            chain.steps.append(constraints[0].step)
            return chain
        }
    }
}

extension EntityDescription {
    /// The chains that the description is the conjunction of, if it branches at the answer only and every chain starts at
    /// a name.
    public var conjunction: [ChainQuery]? {
        guard case .constrained(let constraints) = self else { return nil }
        var chains: [ChainQuery] = []
        for constraint in constraints {
            guard var chain = constraint.source.chain else { return nil }
            chain.steps.append(constraint.step)
            chains.append(chain)
        }
        return chains
    }
}
