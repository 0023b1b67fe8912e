import Primitives

/// Breadth-first search over facts without their direction that stops after a number of edges.
///
/// Of several shortest paths one is taken at random: a frontier is gone through in random order.
struct BoundedSearch {
    let adjacency: Adjacency
    let start: EntityIndex
    var maximumWork: Int
    /// Where given, no other entities are entered.
    var members: Set<EntityIndex>?
    /// What was reached, the nearest first, beginning with the start.
    private(set) var order: [EntityIndex]
    private var parents: [EntityIndex: EntityIndex] = [:]
    private var depths: [EntityIndex: Int]

    init(adjacency: Adjacency, start: EntityIndex, maximumWork: Int, members: Set<EntityIndex>? = nil) {
        self.adjacency = adjacency
        self.start = start
        self.maximumWork = maximumWork
        self.members = members
        order = [start]
        depths = [start: 0]
    }

    mutating func run(maximumDepth: Int, until goal: EntityIndex? = nil, random: inout CounterRandom) {
        var frontier = [start]
        var depth = 0
        var work = 0
        while !frontier.isEmpty && depth < maximumDepth {
            depth += 1
            var next: [EntityIndex] = []
            for entity in frontier {
                for neighbour in adjacency.neighbours(of: entity) {
                    work += 1
                    guard work <= maximumWork else { return }
                    guard depths[neighbour] == nil, members?.contains(neighbour) ?? true else { continue }
                    depths[neighbour] = depth
                    parents[neighbour] = entity
                    order.append(neighbour)
                    next.append(neighbour)
                    if neighbour == goal { return }
                }
            }
            random.shuffle(&next)
            frontier = next
        }
    }

    func depth(of entity: EntityIndex) -> Int? { depths[entity] }

    /// A shortest path from the start to an entity that was reached.
    func path(to entity: EntityIndex) -> [EntityIndex] {
        var path = [entity]
        while let parent = parents[path[path.count - 1]] { path.append(parent) }
        return path.reversed()
    }
}
