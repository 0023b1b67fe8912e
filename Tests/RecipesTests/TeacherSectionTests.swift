import Agents
import Backends
import Primitives
import Synthesis
import Testing

@testable import Recipes

struct TeacherSectionTests {
    private static let minimal = """
        name: tiny
        knowledge:
          graph: graph
        teacher:
          kind: rules
        """

    @Test func aRecipeMayOnlySynthesise() throws {
        let recipe = try RecipeTests.read(Self.minimal)
        let teacher = try #require(recipe.teacher)
        #expect(recipe.stages.isEmpty)
        #expect(teacher.rollouts == 1)
        #expect(teacher.failures == ToolFailureSimulation(rate: 0.05))
        #expect(teacher.guidedShare == 0.5)
        #expect(recipe.synthesis.filters?.settings == FilterSettings())
        #expect(recipe.synthesis.dataset?.balance == SpecialtyBalance())
    }

    @Test func recipesWithoutTeacherAreAsBefore() throws {
        let recipe = try RecipeTests.read(RecipeTests.minimal)
        #expect(recipe.teacher == nil)
        #expect(!recipe.resolvedYAML.contains("filters"))
        let text = RecipeTests.minimal + "\nsynthesis:\n  filters:\n    maximum_turns: 3"
        #expect(RecipeTests.problems(of: text).count == 1)
    }

    @Test func theResolvedRecipeReadsTheSame() throws {
        let recipe = try RecipeTests.read(
            Self.minimal + """

                  parallel_calls: true
                  tool_failures: [timeout, cut]
                  time_limit_s: 90
                synthesis:
                  held_out_questions: 0
                  filters:
                    maximum_turns: 12
                    language: zh
                  dataset:
                    per_specialty: 20
                    specialty_targets: ["Oncology: 7"]
                """)
        let again = try RecipeTests.read(recipe.resolvedYAML)
        #expect(again.resolvedYAML == recipe.resolvedYAML)
        #expect(again.synthesis.filters?.settings == recipe.synthesis.filters?.settings)
        #expect(again.synthesis.dataset?.balance == SpecialtyBalance(target: 20, targets: ["Oncology": 7]))
        #expect(again.teacher?.failureKinds == [.timeout, .cut])
        #expect(again.teacher?.budgets.maximumTime == .seconds(90))
    }

    @Test(arguments: [
        ("tool_failures: [fire]", "there is no failure `fire`"),
        ("rolouts: 2", "did you mean `teacher.rollouts`"),
        ("kind: model", "teacher.url is missing"),
        ("kind: model\n  url: http://127.0.0.1:1/v1\n  model: m\n  spend_limit_usd: 1", "needs teacher.prompt_price"),
    ]) func saysWhatIsWrong(field: String, problem: String) {
        let section = field.hasPrefix("kind") ? field : "kind: rules\n  " + field
        let text = Self.minimal.replacing("kind: rules", with: section)
        #expect(RecipeTests.problems(of: text).contains { $0.contains(problem) }, "\(RecipeTests.problems(of: text))")
    }

    @Test func conjunctionsNeedEnglish() throws {
        let share = "\nsynthesis:\n  conjunction_share: 0.3"
        #expect(RecipeTests.problems(of: Self.minimal + share).first?.contains("wording: english") == true)
        let recipe = try RecipeTests.read(Self.minimal + share + "\n  wording: english")
        #expect(recipe.synthesis.configuration.conjunctionShare == 0.3)
    }

    @Test func aSpecialtyTargetNeedsANumber() {
        let text = Self.minimal + "\nsynthesis:\n  dataset:\n    specialty_targets: [Oncology]"
        #expect(RecipeTests.problems(of: text).contains { $0.contains("such as \"Oncology: 200\"") })
    }

    @Test func trainingNeedsHeldOutQuestions() {
        let text = RecipeTests.minimal + "\nsynthesis:\n  held_out_questions: 0"
        #expect(RecipeTests.problems(of: text).contains { $0.contains("needs at least 1 to evaluate on") })
    }
}

struct RecipeLanguageModelTests {
    private struct Scripted: ChatModel {
        let name = "m"
        var result: Result<ChatAnswer, BackendError>

        func answer(
            _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
        ) async throws(BackendError) -> ChatAnswer { try result.get() }
    }

    private static func reply(
        _ result: Result<ChatAnswer, BackendError>
    ) async throws(LanguageModelError) -> LanguageModelReply {
        try await RecipeLanguageModel(
            Scripted(result: result), price: TokenPrice(prompt: 2, completion: 10), section: "teacher"
        )
        .reply(to: LanguageModelPrompt(system: "s", user: "u"))
    }

    @Test func countsTokensAndMoney() async throws {
        let message = Message(role: .assistant, content: "yes", thinking: "hm")
        let answer = ChatAnswer(message: message, usage: TokenUsage(promptTokens: 1000, completionTokens: 100))
        let reply = try await Self.reply(.success(answer))
        #expect(reply.message == message && reply.isWhole)
        #expect(reply.usage == ModelUsage(tokens: TokenUsage(promptTokens: 1000, completionTokens: 100), cost: 0.003))
    }

    @Test func aCutAnswerIsNotWhole() async throws {
        let answer = ChatAnswer(message: Message(role: .assistant, content: "y"), finishReason: .length)
        #expect(try await !Self.reply(.success(answer)).isWhole)
    }

    @Test func failuresKeepTheirMeaning() async {
        await #expect(throws: LanguageModelError.cancelled) {
            _ = try await Self.reply(.failure(.cancelled(operation: "x")))
        }
        let spent = BackendError.spendLimitReached(spent: 1, limit: 1.5)
        let reason =
            "$1.0000 of teacher.spend_limit_usd ($1.5000) are spent, and the next answer could cost more than the rest"
        await #expect(throws: LanguageModelError.spendLimitReached(reason: reason)) {
            _ = try await Self.reply(.failure(spent))
        }
    }

    @Test(arguments: [
        (BackendError.unreachable(url: "u", detail: "d"), false),
        (.unauthorized(url: "u", status: 401, variable: nil), false),
        (.rejected(url: "u", status: 503, detail: "d"), false), (.rejected(url: "u", status: 404, detail: "d"), false),
        (.rejected(url: "u", status: 400, detail: "d"), true), (.garbage(url: "u", expected: "e", received: "r"), true),
    ]) func aServerThatIsNotThereIsNoFailureOfThePrompt(error: BackendError, isOfPrompt: Bool) async {
        await #expect {
            _ = try await Self.reply(.failure(error))
        } throws: { thrown in
            switch thrown as? LanguageModelError {
            case .failed: isOfPrompt
            case .unavailable(let reason): !isOfPrompt && reason.hasPrefix("teacher: ")
            default: false
            }
        }
    }
}
