import Storage

/// Writes a recipe's data set without training on it.
public struct DatasetSynthesis {
    private let recipe: Recipe

    public init(_ recipe: Recipe) { self.recipe = recipe }

    /// Writes questions, certificates, trajectories and examples.
    /// - Returns: an account of what was written.
    public func write(to directory: String) async throws -> String {
        try await Workbench.with(recipe) { bench in
            let trajectories = try await bench.trajectories()
            try FileStore.createDirectory(directory)
            try bench.questions.write(directory: directory, graph: bench.graph)
            try trajectories.write(directory: directory)
            return "\(bench.questions.summary)\n\(trajectories.summary)\nwritten to \(directory)"
        }
    }
}
