import Knowledge

/// The medical field of every entity of a graph, and of questions about them.
///
/// An entity has the field that its source gives. Otherwise it has that of the nearest broader diseases, which the
/// ontology's relation names; and what belongs to no hierarchy (genes, drugs, symptoms) has the field that most of the
/// diseases around it have. Ties go to the first field in alphabetical order, so that equal graphs give equal fields.
public struct SpecialtyAssignment: Sendable {
    /// The twelve fields of the shipped graph.
    public static let names = [
        "Cardiology", "Dermatology", "Endocrinology & metabolism", "Gastroenterology", "Hematology", "Immunology",
        "Infectious disease", "Musculoskeletal", "Nephrology & urology", "Neurology", "Oncology", "Pulmonology",
    ]

    /// The fields of the branches of the Disease Ontology, for graphs whose diseases carry none.
    public static let diseaseOntologyBranches = [
        "cardiovascular system disease": "Cardiology", "integumentary system disease": "Dermatology",
        "endocrine system disease": "Endocrinology & metabolism", "disease of metabolism": "Endocrinology & metabolism",
        "gastrointestinal system disease": "Gastroenterology", "hematopoietic system disease": "Hematology",
        "immune system disease": "Immunology", "disease by infectious agent": "Infectious disease",
        "musculoskeletal system disease": "Musculoskeletal", "urinary system disease": "Nephrology & urology",
        "nervous system disease": "Neurology", "cancer": "Oncology", "disease of cellular proliferation": "Oncology",
        "respiratory system disease": "Pulmonology",
    ]

    private let specialties: [String?]
    /// Whether the source gave the field.
    private let isGiven: [Bool]

    /// - Parameters:
    ///   - hierarchy: the relation from a disease to broader ones; without it in the graph, there is no hierarchy.
    ///   - branches: fields of entities by name, used where the source gives none.
    public init(
        graph: KnowledgeGraph, hierarchy: String = "is_a", branches: [String: String] = diseaseOntologyBranches
    ) {
        var specialties: [String?] = []
        for entity in graph.entities { specialties.append(entity.specialty) }
        isGiven = specialties.map { $0 != nil }
        for (name, specialty) in branches {
            if let index = graph.index(name: name), specialties[Int(index)] == nil {
                specialties[Int(index)] = specialty
            }
        }
        let seeds = specialties
        if let relation = graph.relationIndex(name: hierarchy) {
            let up = Step(relation: relation)
            for index in seeds.indices where seeds[index] == nil {
                specialties[index] = Self.nearest(to: EntityIndex(index), by: [up], seeds, graph, atMost: 32)
            }
        }
        let known = specialties
        let steps = graph.allSteps
        for index in known.indices where known[index] == nil {
            specialties[index] = Self.nearest(to: EntityIndex(index), by: steps, known, graph, atMost: 3)
        }
        self.specialties = specialties
    }

    public func specialty(of entity: EntityIndex) -> String? { specialties[Int(entity)] }

    /// The field of a chain or tree of entities: the one that most of them were given; at equal numbers that of the entity
    /// nearest to the answer. Only where none was given one do derived fields count.
    /// - Parameter entities: from the farthest name to the answer.
    public func specialty(ofChain entities: [EntityIndex]) -> String? {
        for candidates in [entities.filter { isGiven[Int($0)] }, entities] {
            let fields = candidates.compactMap { specialties[Int($0)] }
            var counts: [String: Int] = [:]
            for field in fields { counts[field, default: 0] += 1 }
            guard let most = counts.values.max() else { continue }
            return fields.last { counts[$0] == most }
        }
        return nil
    }

    /// The commonest field among the nearest entities that have one.
    private static func nearest(
        to start: EntityIndex, by steps: [Step], _ fields: [String?], _ graph: KnowledgeGraph, atMost limit: Int
    ) -> String? {
        var seen: Set<EntityIndex> = [start]
        var frontier = [start]
        for _ in 0..<limit where !frontier.isEmpty {
            var next: [EntityIndex] = []
            for entity in frontier {
                let leading = steps.count == 1 ? steps : graph.steps(from: entity)
                for step in leading {
                    for neighbour in graph.neighbours(of: entity, by: step) where seen.insert(neighbour).inserted {
                        next.append(neighbour)
                    }
                }
            }
            var counts: [String: Int] = [:]
            for entity in next {
                if let field = fields[Int(entity)] { counts[field, default: 0] += 1 }
            }
            if let most = counts.values.max() { return counts.filter { $0.value == most }.keys.min() }
            // Hubs far away say nothing about a field, and following them costs much.
            guard next.count <= 4096 else { return nil }
            frontier = next
        }
        return nil
    }
}
