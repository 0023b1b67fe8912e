import Knowledge

@testable import Synthesis

/// The shipped graph and its questions, made once for all suites that only read them.
enum LoadedGraph {
    static let graph = Result { try ShippedGraph.load() }
    static let questions = Result { try ShippedGraph.questions(of: graph.get()) }
}
