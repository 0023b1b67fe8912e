import Primitives
import Synthesis

/// How hard questions are made: `synthesis.difficulty`. Without solvers a score of retrieval ranks and candidate counts
/// decides.
public struct DifficultySection: Sendable {
    public var configuration: DifficultyCalibrator.Configuration
    public var panel: SolverPanel.Configuration
    public var solvers: [ChatServerSection]

    init(_ section: RecipeSection) {
        var configuration = DifficultyCalibrator.Configuration()
        configuration.maximumPassRate = section.number(
            "maximum_pass_rate", default: configuration.maximumPassRate, in: 0...1)
        configuration.minimumPassRate = section.number(
            "minimum_pass_rate", default: configuration.minimumPassRate, in: 0...1)
        configuration.maximumMoves = section.integer(
            "maximum_moves", default: configuration.maximumMoves, in: 0...100)
        configuration.maximumDepth = section.integer(
            "maximum_depth", default: configuration.maximumDepth, in: 2...16)
        self.configuration = configuration
        var panel = SolverPanel.Configuration()
        panel.attempts = section.integer("attempts", default: panel.attempts, in: 1...1000)
        panel.temperature = section.number("temperature", default: panel.temperature, in: 0...10)
        panel.maximumTokens = section.integer("tokens", default: panel.maximumTokens, in: 16...1_000_000)
        self.panel = panel
        var named: Set<[String]> = []
        solvers = section.sections("solvers").map { part in
            let solver = ChatServerSection(part, name: part.name)
            part.finish()
            if !solver.model.isEmpty, !named.insert([solver.url, solver.model]).inserted {
                section.reader.complain(
                    part.place,
                    "\(part.name) is the model `\(solver.model)` at \(solver.url) once more; name each solver once")
            }
            return solver
        }
        section.finish()
        if configuration.minimumPassRate > configuration.maximumPassRate {
            section.reader.complain(
                section.place,
                "synthesis.difficulty.minimum_pass_rate (\(configuration.minimumPassRate)) must not exceed "
                    + "maximum_pass_rate (\(configuration.maximumPassRate))")
        }
    }

    /// The name of each solver's file of answers: that of its model, so that it stays the same where solvers are added.
    var roles: [String] {
        var counts: [String: Int] = [:]
        return solvers.map { solver in
            let name = String(solver.model.map { $0.isLetter || $0.isNumber || "-.".contains($0) ? $0 : "_" })
            counts[name, default: 0] += 1
            let number = counts[name] ?? 1
            return "solver_" + name + (number > 1 ? "_\(number)" : "")
        }
    }

    /// What refined questions are a function of.
    var inputs: JSONValue {
        [
            "maximum_pass_rate": .number(configuration.maximumPassRate),
            "minimum_pass_rate": .number(configuration.minimumPassRate),
            "maximum_moves": .integer(configuration.maximumMoves),
            "maximum_depth": .integer(configuration.maximumDepth),
            "attempts": .integer(panel.attempts), "temperature": .number(panel.temperature),
            "tokens": .integer(panel.maximumTokens), "solvers": .array(solvers.map(\.identity)),
        ]
    }
}

extension ChatServerSection {
    /// Which model it is, without limits and prices.
    var identity: JSONValue { ["url": .string(url), "model": .string(model)] }
}
