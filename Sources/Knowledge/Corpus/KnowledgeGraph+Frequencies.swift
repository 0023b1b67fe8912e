extension KnowledgeGraph {
    /// The same graph with the frequencies that were counted for its entities.
    /// - Precondition: the frequencies were counted with a lexicon of this graph's entities.
    public func counted(_ frequencies: CorpusFrequencies) throws(KnowledgeError) -> KnowledgeGraph {
        precondition(frequencies.mentions.count == entities.count, "the frequencies are of another graph")
        var counted = Array(entities)
        for index in counted.indices { counted[index].frequency = frequencies.frequency(index) }
        return try KnowledgeGraph(relations: relations, entities: counted, triples: Array(triples))
    }
}
