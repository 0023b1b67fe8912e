import Primitives

@testable import Retrieval

/// Short documents of few words, so that words are shared and scores tie.
enum RandomCorpus {
    private static let words = [
        "asthma", "treats", "treated", "IL-2", "the", "gene", "heart", "kidney", "tumour", "tumor", "cells", "α", "12",
    ]

    static func text(_ random: inout CounterRandom, maximum: Int) -> String {
        (0..<random.integer(below: maximum + 1)).map { _ in random.pick(words) }.joined(separator: " ")
    }

    static func document(_ random: inout CounterRandom, identifiers: Int) -> RetrievalDocument {
        RetrievalDocument(
            id: "d\(random.integer(below: identifiers))", title: text(&random, maximum: 3),
            text: text(&random, maximum: 20), attributes: ["focus": .string(text(&random, maximum: 2))])
    }
}
