import Training

/// `rl.curriculum`: which questions are asked how often, and which groups are trained on again.
public struct CurriculumSection: Sendable {
    public var configuration: CurriculumConfiguration

    init(_ section: RecipeSection) {
        let known = section.reader.problems.count
        var configuration = CurriculumConfiguration()
        if section.has("pools") { configuration.pools = section.sections("pools").map { DifficultyPool($0) } }
        section.knows("pools")
        configuration.balance = section.choice("balance", default: QuestionBalance.none) ?? .none
        configuration.window = section.optionalSection("window").map { HardnessWindow($0) }
        configuration.replay = section.optionalSection("replay").map { ReplayPolicy($0) }
        let looksAtPassRates =
            configuration.window != nil || configuration.pools.contains { $0.passRateAbove != nil }
        if looksAtPassRates {
            let usual = PassRateEvidence()
            configuration.evidence = PassRateEvidence(
                minimumAttempts: section.integer(
                    "minimum_attempts", default: usual.minimumAttempts, in: 1...1_000_000),
                memory: section.integer("memory", default: usual.memory, in: 1...1_000_000))
        }
        for key in ["minimum_attempts", "memory"] where !looksAtPassRates {
            section.knows(key)
            if section.has(key) {
                section.reader.complain(
                    section.place(of: key),
                    "\(section.name).\(key) has no use without \(section.name).window or pass_rate_above in "
                        + "\(section.name).pools; nothing else looks at pass rates")
            }
        }
        section.finish()
        if configuration.pools.count == 1 {
            section.reader.complain(
                section.place(of: "pools"),
                "\(section.name).pools has one pool, which all questions would be in; add others or leave it out")
        }
        self.configuration = configuration
        // What could not be read has its default here, about which nobody needs to be told.
        guard section.reader.problems.count == known else { return }
        for problem in configuration.problems {
            let key = problem.prefix { $0 != " " }
            let place = section.reader.places["\(section.name).\(key)"] ?? section.place
            section.reader.complain(place, "\(section.name).\(problem)")
        }
    }
}

extension DifficultyPool {
    fileprivate init(_ section: RecipeSection) {
        self.init(
            name: section.text("name", default: nil), share: section.number("share", default: nil, in: 0...1_000_000),
            difficultyBelow: section.optionalNumber("difficulty_below", in: -1e9...1e9),
            passRateAbove: section.optionalNumber("pass_rate_above", in: 0...1))
        section.finish()
    }
}

extension HardnessWindow {
    fileprivate init(_ section: RecipeSection) {
        let (lower, upper) = (
            section.number("lower", default: 0.05, in: 0...1), section.number("upper", default: 0.95, in: 0...1)
        )
        if let share = section.optionalNumber("outside_share", in: 0...1) {
            self.init(lower: lower, upper: upper, outside: .share(share))
            section.knows("rest_epochs")
            if section.has("rest_epochs") {
                section.reader.complain(
                    section.place(of: "rest_epochs"),
                    "\(section.name).rest_epochs and \(section.name).outside_share exclude each other: questions outside the "
                        + "window rest, or they are asked seldom")
            }
        } else {
            self.init(
                lower: lower, upper: upper,
                outside: .rest(epochs: section.integer("rest_epochs", default: 2, in: 1...1_000_000)))
        }
        section.finish()
    }
}

extension ReplayPolicy {
    fileprivate init(_ section: RecipeSection) {
        self.init(
            groupsPerStep: section.integer("groups_per_step", default: nil, in: 1...100_000),
            maximumStaleness: section.integer("maximum_staleness", default: 4, in: 1...1_000_000),
            informativeOnly: section.boolean("informative_only", default: true),
            maximumUses: section.integer("uses", default: 1, in: 1...1_000_000))
        section.finish()
    }
}
