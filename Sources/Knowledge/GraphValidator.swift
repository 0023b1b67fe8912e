/// Checks every law that a graph obeys; the first violation is thrown with the place of the offending value.
struct GraphValidator {
    enum Table: String { case relations, entities, triples }

    let relations: [Relation]
    let entities: [Entity]
    let triples: [Triple]
    /// Says where row `i` of a table was read.
    let place: (Table, Int) -> String

    func validate() throws(KnowledgeError) {
        try validateRelations()
        try validateEntities()
        try validateNames()
        try validateTriples()
        for relation in relations.indices where relations[relation].isAcyclic {
            try validateAcyclic(RelationIndex(relation))
        }
    }

    private func location(_ table: Table, _ row: Int, _ column: String) -> KnowledgeError.Location {
        KnowledgeError.Location(place: place(table, row), column: column)
    }

    private func check(
        _ value: String, _ table: Table, _ row: Int, _ column: String, mayBeEmpty: Bool = false
    ) throws(KnowledgeError) {
        let isControlled = value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        let isPadded = value.first == " " || value.last == " "
        guard (mayBeEmpty || !value.isEmpty) && !isControlled && !isPadded else {
            throw .invalidField(
                at: location(table, row, column), value: value,
                expected: (mayBeEmpty ? "text" : "text that is not empty")
                    + " without control characters or spaces at its ends")
        }
    }

    /// Checks the members of a field whose values are joined by `|` in the file.
    private func check(
        list: [String], _ table: Table, _ row: Int, _ column: String
    ) throws(KnowledgeError) {
        for value in list {
            try check(value, table, row, column)
            if value.contains("|") {
                throw .invalidField(
                    at: location(table, row, column), value: value, expected: "text without the separator |")
            }
        }
    }

    private func validateRelations() throws(KnowledgeError) {
        var seen: [String: String] = [:]
        for (row, relation) in relations.enumerated() {
            for (column, value) in [("name", relation.name), ("inverse_name", relation.inverseName)] {
                try check(value, .relations, row, column)
                guard !value.contains(where: { $0 == " " || $0 == "^" }) else {
                    throw .invalidField(
                        at: location(.relations, row, column), value: value,
                        expected: "a name without spaces and without ^, which marks an inverse step")
                }
                let here = location(.relations, row, column)
                if let first = seen.updateValue(here.description, forKey: value) {
                    throw .duplicate(at: here, value: value, first: first)
                }
            }
            for (column, types) in [("domain", relation.domain), ("range", relation.range)] {
                try check(list: types, .relations, row, column)
                if types.isEmpty {
                    throw .invalidField(
                        at: location(.relations, row, column), value: "", expected: "entity types joined by |")
                }
            }
            for (prefix, phrases) in [("", relation.forward), ("inverse_", relation.inverse)] {
                try check(template: phrases.sentence, holding: ["{subject}", "{object}"], row, prefix + "sentence")
                try check(template: phrases.phrase, holding: ["{x}"], row, prefix + "phrase")
            }
            if let hierarchy = relation.inheritedAlong { try check(hierarchy: hierarchy, row) }
        }
    }

    private func check(hierarchy name: String, _ row: Int) throws(KnowledgeError) {
        guard let hierarchy = relations.first(where: { $0.name == name }), hierarchy.isTransitive,
            hierarchy.inheritedAlong == nil
        else {
            throw .invalidField(
                at: location(.relations, row, "inherited_along"), value: name,
                expected: "the name of a transitive relation that is not inherited itself")
        }
    }

    private func check(
        template: String, holding placeholders: [String], _ row: Int, _ column: String
    ) throws(KnowledgeError) {
        try check(template, .relations, row, column)
        for placeholder in placeholders
        where template.split(separator: placeholder, omittingEmptySubsequences: false).count != 2 {
            throw .invalidField(
                at: location(.relations, row, column), value: template,
                expected: "text with \(placeholder) exactly once")
        }
    }

    private func validateEntities() throws(KnowledgeError) {
        var firstRow: [String: Int] = [:]
        for (row, entity) in entities.enumerated() {
            try check(entity.id, .entities, row, "id")
            try check(entity.name, .entities, row, "name")
            try check(entity.type, .entities, row, "type")
            if let specialty = entity.specialty { try check(specialty, .entities, row, "specialty") }
            try check(list: entity.synonyms, .entities, row, "synonyms")
            try check(list: entity.crossReferences, .entities, row, "cross_references")
            if let frequency = entity.frequency, !(0...1).contains(frequency) {
                throw .invalidField(
                    at: location(.entities, row, "frequency"), value: "\(frequency)", expected: "a number from 0 to 1")
            }
            if let first = firstRow.updateValue(row, forKey: entity.id) {
                throw .duplicate(
                    at: location(.entities, row, "id"), value: entity.id, first: place(.entities, first))
            }
        }
    }

    private func validateNames() throws(KnowledgeError) {
        var owner: [String: Int] = [:]
        for (row, entity) in entities.enumerated() {
            for (number, name) in ([entity.name] + entity.synonyms).enumerated() {
                if let other = owner.updateValue(row, forKey: name.lowercased()) {
                    let column = number == 0 ? "name" : "synonyms"
                    throw .ambiguousName(
                        at: location(.entities, row, column), name: name,
                        other: "\(entities[other].id) (\(entities[other].name), a \(entities[other].type))")
                }
            }
        }
    }

    private func validateTriples() throws(KnowledgeError) {
        struct Subject: Hashable { let head: EntityIndex, relation: RelationIndex }
        var seen: [Fact: Int] = [:]
        var valueOf: [Subject: EntityIndex] = [:]
        for (row, triple) in triples.enumerated() {
            guard relations.indices.contains(Int(triple.relation)) else {
                throw .unknownRelation(
                    at: location(.triples, row, "relation"), name: "number \(triple.relation)",
                    known: relations.map(\.name))
            }
            for (column, entity) in [("head", triple.head), ("tail", triple.tail)]
            where !entities.indices.contains(Int(entity)) {
                throw .unknownEntity(at: location(.triples, row, column), id: "number \(entity)")
            }
            let relation = relations[Int(triple.relation)]
            try checkType(of: triple.head, in: relation.domain, relation, row, "head")
            try checkType(of: triple.tail, in: relation.range, relation, row, "tail")
            try check(triple.mainEvidence, row)
            for (number, evidence) in triple.furtherEvidence.enumerated() {
                try check(evidence, row)
                if evidence == triple.mainEvidence || triple.furtherEvidence[..<number].contains(evidence) {
                    throw .duplicate(
                        at: location(.triples, row, "head to span"), value: "\(evidence.source) of \(name(of: triple))",
                        first: place(.triples, row))
                }
            }
            let fact = Fact(head: triple.head, relation: triple.relation, tail: triple.tail)
            if let first = seen.updateValue(row, forKey: fact) {
                throw .duplicate(
                    at: location(.triples, row, "head to tail"), value: name(of: triple), first: place(.triples, first))
            }
            let subject = Subject(head: triple.head, relation: triple.relation)
            if relation.isFunctional, let first = valueOf.updateValue(triple.tail, forKey: subject) {
                throw .notFunctional(
                    at: location(.triples, row, "tail"), relation: relation.name,
                    head: entities[Int(triple.head)].name,
                    tails: [first, triple.tail].map { entities[Int($0)].name })
            }
        }
    }

    private func name(of triple: Triple) -> String {
        let ids = [triple.head, triple.tail].map { entities[Int($0)].id }
        return "\(ids[0]) \(relations[Int(triple.relation)].name) \(ids[1])"
    }

    private func check(_ evidence: Evidence, _ row: Int) throws(KnowledgeError) {
        try check(evidence.source, .triples, row, "source")
        try check(evidence.licence, .triples, row, "licence")
        if let document = evidence.document { try check(document, .triples, row, "document") }
        if let span = evidence.span {
            guard evidence.document != nil, span.lowerBound >= 0, !span.isEmpty, span.upperBound <= Int32.max else {
                throw .invalidField(
                    at: location(.triples, row, "span"), value: "\(span)",
                    expected: "bytes of the document that the column document names")
            }
        }
    }

    private func checkType(
        of entity: EntityIndex, in types: [String], _ relation: Relation, _ row: Int, _ column: String
    ) throws(KnowledgeError) {
        let entity = entities[Int(entity)]
        guard types.contains(entity.type) else {
            throw .wrongType(
                at: location(.triples, row, column), entity: "\(entity.id) (\(entity.name))", type: entity.type,
                relation: relation.name, expected: types)
        }
    }

    /// Depth-first search without recursion, so that a deep hierarchy cannot exhaust the stack.
    private func validateAcyclic(_ relation: RelationIndex) throws(KnowledgeError) {
        var tripleRows: [EntityIndex: [Int]] = [:]
        for (row, triple) in triples.enumerated() where triple.relation == relation {
            tripleRows[triple.head, default: []].append(row)
        }
        enum Mark { case open, done }
        var marks: [EntityIndex: Mark] = [:]
        for start in triples where start.relation == relation && marks[start.head] == nil {
            var path: [(entity: EntityIndex, next: Int)] = [(start.head, 0)]
            marks[start.head] = .open
            while let last = path.last {
                let rows = tripleRows[last.entity] ?? []
                guard last.next < rows.count else {
                    marks[last.entity] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let tail = triples[rows[last.next]].tail
                switch marks[tail] {
                case .done: continue
                case nil:
                    marks[tail] = .open
                    path.append((tail, 0))
                case .open:
                    let cycle = path.map(\.entity).drop { $0 != tail } + [tail]
                    throw .cycle(
                        at: location(.triples, rows[last.next], "tail"), relation: relations[Int(relation)].name,
                        names: cycle.map { entities[Int($0)].name })
                }
            }
        }
    }
}
