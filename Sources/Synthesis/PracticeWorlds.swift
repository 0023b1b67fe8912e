import Knowledge

/// Fictional worlds of the real graph's shape, with certified questions of their own to practise on.
///
/// A small policy that sees a few hundred real questions again and again learns them by heart. Questions about worlds that
/// no one knows can only be answered by reading. No two worlds share a name with each other or with the real graph.
public struct PracticeWorlds: Sendable {
    public let graphs: [KnowledgeGraph]
    /// Of all worlds in turn; half of each world's questions are `supervised`, the others `reinforcement`.
    public let questions: [Question]

    /// - Parameters:
    ///   - configuration: that of the real questions; its counts are not used.
    ///   - count: the number of worlds.
    ///   - size: entities of each world.
    public init(
        like graph: KnowledgeGraph, configuration: QuestionSynthesizer.Configuration, count: Int, size: Int,
        seed: UInt64
    ) throws {
        let shape = GraphShape(of: graph)
        var forbidden = FictionalWorld.forbiddenNames(of: graph)
        var graphs: [KnowledgeGraph] = []
        var perWorld: [[Question]] = []
        for world in 0..<count {
            let fictional = try FictionalWorld.make(
                shape: shape, size: size, forbidden: forbidden, seed: seed, index: 1_000_000 + world)
            forbidden.formUnion(FictionalWorld.forbiddenNames(of: fictional))
            var settings = configuration
            settings.heldOutCount = 1
            settings.supervisedCount = 0
            var questions = try QuestionSynthesizer(configuration: settings).questions(of: fictional, seed: seed)
                .questions
            for index in questions.indices {
                questions[index].id = "world\(world)-" + questions[index].id
                questions[index].split = index % 2 == 0 ? .supervised : .reinforcement
            }
            graphs.append(fictional)
            perWorld.append(questions)
        }
        self.graphs = graphs
        let longest = perWorld.map(\.count).max() ?? 0
        questions = (0..<longest).flatMap { index in
            perWorld.compactMap { index < $0.count ? $0[index] : nil }
        }
    }

    public var supervised: [Question] { questions.filter { $0.split == .supervised } }
    public var reinforcement: [Question] { questions.filter { $0.split == .reinforcement } }
}
