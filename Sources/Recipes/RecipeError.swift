/// Everything that is wrong with a recipe, found in one pass.
public struct RecipeError: Error, CustomStringConvertible {
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        var place: RecipeNode.Place
        /// The dotted path of the field and what is wrong with it.
        var text: String
        public var description: String { "\(place): \(text)" }
    }

    public var problems: [Problem]

    public var description: String {
        let lines = problems.map(\.description).joined(separator: "\n  ")
        return problems.count == 1 ? lines : "\(problems.count) problems in the recipe:\n  \(lines)"
    }
}
