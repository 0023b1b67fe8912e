import Knowledge
import Primitives
import Retrieval
import Synchronization

/// Writes the texts on which a base model learns to copy names and to read passages, all about fictional worlds.
///
/// The texts are plain: no chat roles, no tool calls, no tags. A text is a function of its index and the seed; worlds
/// change every `tasksPerWorld` texts. Names stand between varying quotes and brackets, so that a byte-pair vocabulary,
/// which splits a name differently after a space than after a quote, is exercised on both.
public final class ReadingTaskWriter: Sendable {
    /// What stands before and after a name that is copied.
    struct NameStyle: Sendable {
        var before: String
        var after: String

        static let plain = NameStyle(before: " ", after: "\n")
        static let all = [
            plain, plain, plain,
            NameStyle(before: " \"", after: "\"\n"), NameStyle(before: " \"", after: "\"\n"),
            NameStyle(before: " \"", after: "\"\n"), NameStyle(before: " >", after: "<\n"),
            NameStyle(before: " >", after: "<\n"), NameStyle(before: " >", after: "<\n"),
            NameStyle(before: "\n", after: "\n"), NameStyle(before: " (", after: ")\n"),
            NameStyle(before: " [", after: "]\n"),
        ]
    }

    private struct CachedWorld: Sendable {
        var seed: UInt64
        var index: Int
        var world: ReadingWorld
    }

    public let configuration: ReadingTaskConfiguration
    private let shape: GraphShape
    private let forbidden: Set<String>
    private let types: [String]
    private let cache = Mutex<[CachedWorld]>([])

    /// - Parameters:
    ///   - shape: the shape of the graph that the model will be asked about later.
    ///   - forbidden: lower-cased names that may not occur, usually `FictionalWorld.forbiddenNames(of:)` of that graph.
    public init(
        shape: GraphShape, forbidden: Set<String>, configuration: ReadingTaskConfiguration = ReadingTaskConfiguration()
    ) {
        self.shape = shape
        self.forbidden = forbidden
        self.configuration = configuration
        // Roots keep frequent types frequent without silencing the rare ones.
        types = shape.types.flatMap { type in
            [String](repeating: type.name, count: max(1, Int(Double(type.count).squareRoot())))
        }
    }

    /// The text with this index in the stream named by `seed`.
    public func task(index: Int, seed: UInt64) throws(KnowledgeError) -> ReadingTask {
        var random = CounterRandom(seed: seed, stage: .pretraining, step: index)
        let style = random.pick(NameStyle.all)
        return try task(index: index, seed: seed, style: style, random: &random)
    }

    /// Texts to train a byte-pair vocabulary on; names stand plain, so that no token joins a quote and a letter.
    public func vocabularyText(count: Int, seed: UInt64) throws(KnowledgeError) -> [String] {
        var texts: [String] = []
        for index in 0..<count {
            var random = CounterRandom(seed: seed, stage: .pretraining, step: index, group: 1)
            texts.append(try task(index: index, seed: seed, style: .plain, random: &random).text)
        }
        return texts
    }

    private func task(
        index: Int, seed: UInt64, style: NameStyle, random: inout CounterRandom
    ) throws(KnowledgeError) -> ReadingTask {
        let kind = random.uniform()
        if kind < configuration.copyShare {
            let names = CounterRandom(seed: seed, stage: .pretraining, step: index, group: 2)
            return copyTask(style: style, forge: NameForge(random: names, forbidden: forbidden), random: &random)
        }
        let world = try world(index / configuration.tasksPerWorld, seed: seed)
        return kind < configuration.copyShare + configuration.readingShare
            ? readingTask(in: world, style: style, random: &random)
            : notesTask(in: world, style: style, random: &random)
    }

    private func world(_ index: Int, seed: UInt64) throws(KnowledgeError) -> ReadingWorld {
        if let known = cache.withLock({ $0.first { $0.index == index && $0.seed == seed } }) { return known.world }
        let graph = try FictionalWorld.make(
            shape: shape, size: configuration.worldSize, forbidden: forbidden, seed: seed, index: index)
        let world = ReadingWorld(
            graph: graph, hops: configuration.hops, maximumPassageCharacters: configuration.maximumPassageCharacters)
        cache.withLock { worlds in
            if worlds.count >= 4 { worlds.removeFirst() }
            worlds.append(CachedWorld(seed: seed, index: index, world: world))
        }
        return world
    }

    // MARK: Copying

    /// Either a list and the same list again, or a list of pairs whose first parts are then answered by the second.
    private func copyTask(style: NameStyle, forge: NameForge, random: inout CounterRandom) -> ReadingTask {
        var forge = forge
        var task = ReadingTask(kind: .copy)
        let count = number(in: configuration.copiedNames, random: &random)
        let names = (0..<count).map { _ in forge.name(ofType: random.pick(types)) }
        guard random.uniform() < 0.5 else {
            let separator = random.pick([", ", "; ", "\n", " | "])
            let list = names.joined(separator: separator)
            task.append("List: " + list + "\nAgain:", weight: configuration.contextWeight)
            task.append(" " + list + "\n", weight: 1)
            return task
        }
        var pairs = names.map { (key: $0, value: forge.name(ofType: random.pick(types))) }
        let link = random.pick([" is ", ": ", " = ", " goes with "])
        for pair in pairs { task.append(pair.key + link + pair.value + ".\n", weight: configuration.contextWeight) }
        random.shuffle(&pairs)
        for pair in pairs {
            task.append("Question: " + pair.key + "\nAnswer:", weight: configuration.contextWeight)
            task.append(style.before + pair.value + style.after, weight: 1)
        }
        return task
    }

    // MARK: Reading

    private func readingTask(in world: ReadingWorld, style: NameStyle, random: inout CounterRandom) -> ReadingTask {
        var task = ReadingTask(kind: .reading)
        let first = world.drawFact(random: &random)
        let wanted = number(in: configuration.readingPassages, random: &random)
        var shown: [EntityIndex] = [first.query.anchor]
        for entity in world.companions(of: first.query.anchor, count: wanted - 1, random: &random) {
            shown.append(entity)
        }
        var order = shown
        random.shuffle(&order)
        task.append(passages(order.map { world.passage($0) }), weight: configuration.contextWeight)

        var asked: [ReadingWorld.Chain] = []
        for _ in 0..<number(in: configuration.readingQuestions, random: &random) {
            let fact = asked.isEmpty ? first : world.drawFact(about: random.pick(shown), random: &random)
            if let fact, !asked.contains(fact) { asked.append(fact) }
        }
        random.shuffle(&asked)
        for fact in asked {
            task.append(
                "Question: " + world.question(fact, opening: random.integer(below: 2)) + "\nAnswer:",
                weight: configuration.contextWeight)
            task.append(style.before + world.name(fact.path[fact.path.count - 1]) + style.after, weight: 1)
        }
        return task
    }

    private func notesTask(in world: ReadingWorld, style: NameStyle, random: inout CounterRandom) -> ReadingTask {
        var task = ReadingTask(kind: .notes)
        let chain = world.drawChain(random: &random)
        task.append(
            "Question: " + world.question(chain, opening: random.integer(below: 2)) + "\n",
            weight: configuration.contextWeight)
        var found = ""
        for (step, entity) in zip(chain.query.steps, chain.path) {
            task.append(found + "Next: " + world.wanted(by: step) + "\nLook up:", weight: 1)
            found = "Found: " + world.wanted(by: step) + "\n"
            task.append(style.before + world.name(entity) + style.after, weight: 1)
            let count = number(in: configuration.lookupPassages, random: &random)
            task.append(passages(world.lookUp(entity, count: count)), weight: configuration.contextWeight)
        }
        let answer = world.name(chain.path[chain.path.count - 1])
        task.append(found + "Answer:" + style.before + answer + style.after, weight: 1)
        return task
    }

    private func passages(_ texts: [String]) -> String { "Passage: " + texts.joined(separator: "\n") + "\n" }

    private func number(in range: ClosedRange<Int>, random: inout CounterRandom) -> Int {
        range.lowerBound + random.integer(below: range.count)
    }
}
