import Primitives
import Tokenizers

/// Leads each call of the policy to its tool, within the tool's time; what cannot be answered gets an observation that says
/// what was wrong and what would have been right.
///
/// One router serves any number of episodes at once; they share its circuit breakers.
public struct ToolRouter: Sendable {
    /// In the order in which they were given, which is the order of the policy's prompt.
    public let descriptions: [ToolDescription]
    private let tools: [any Tool]
    private let traits: [ToolTraits]
    private let schemas: [ParameterSchema]
    private let breakers: [CircuitBreaker]
    private let places: [String: Int]
    private let meter: ToolMeter

    /// - Precondition: the tools' names differ.
    public init(
        tools: [any Tool], breaker: CircuitBreaker.Settings = CircuitBreaker.Settings(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.tools = tools
        descriptions = tools.map(\.description)
        traits = tools.map(\.traits)
        schemas = descriptions.map { ParameterSchema($0.parameters) }
        breakers = tools.map { _ in CircuitBreaker(settings: breaker, now: now) }
        let names = descriptions.enumerated().map { ($1.name, $0) }
        precondition(Set(names.map(\.0)).count == tools.count, "two tools have one name")
        places = Dictionary(uniqueKeysWithValues: names)
        meter = ToolMeter(count: tools.count)
    }

    /// Answers one call. Failures are results too; only cancellation is thrown.
    public func run(_ call: ToolCall) async throws(CancellationError) -> ToolResult { try await route(call).result }

    /// The answer to a call, and whether its text may be trusted: it is the router's own, or that of a trusted tool.
    func route(_ call: ToolCall) async throws(CancellationError) -> (result: ToolResult, isTrusted: Bool) {
        guard let place = places[call.name] else { return (ToolResult(unknown(call.name)), true) }
        if let refusal = refusal(of: call, place) { return (refusal, true) }
        guard let result = try await answer(call, place) else {
            let seconds = max(1, traits[place].timeout?.components.seconds ?? 0)
            return (ToolResult(ToolFailure(.timeout, "\(call.name) gave no answer within \(seconds) seconds")), true)
        }
        return (result, traits[place].isTrusted)
    }

    /// Why a call does not reach its tool.
    private func refusal(of call: ToolCall, _ place: Int) -> ToolResult? {
        if let problem = schemas[place].problem(of: call.arguments) {
            return ToolResult(ToolFailure(.invalidCall, "\(call.name): \(problem)"))
        }
        return breakers[place].admit().map { wait in
            ToolResult(
                ToolFailure(
                    .suspended,
                    "\(call.name) failed several times in a row and rests for \(max(1, wait.components.seconds)) seconds; "
                        + "use another tool or answer with what you know"))
        }
    }

    /// What the tool answers, or `nil` where it does not in its time.
    private func answer(_ call: ToolCall, _ place: Int) async throws(CancellationError) -> ToolResult? {
        let (tool, limit) = (tools[place], traits[place].timeout)
        let start = ContinuousClock.now
        let answer: ToolResult?
        do throws(CancellationError) {
            answer = try await BoundedCall.run(atMost: limit) { () async throws(ToolFailure) in
                try await tool.call(arguments: call.arguments)
            }
        } catch {
            breakers[place].forget()
            throw error
        }
        let failure = answer.map(\.failure) ?? .timeout
        breakers[place].record(failure)
        meter.record(
            place, isOutage: failure?.isOutage == true, time: start.duration(to: .now),
            cost: traits[place].costPerCall)
        return answer
    }

    func has(_ name: String) -> Bool { places[name] != nil }

    /// The tools as selection policies see them.
    var selectable: [SelectableTool] { zip(descriptions, traits).map { SelectableTool($0, $1) } }

    /// Names of the tools that rest after failing in a row.
    public var suspended: Set<String> {
        Set(zip(descriptions, breakers).filter { $1.isOpen }.map(\.0.name))
    }

    /// What the calls of each tool came to so far.
    public var usage: [(name: String, usage: ToolUsage)] {
        zip(descriptions, meter.snapshot).map { ($0.name, $1) }
    }

    private func unknown(_ name: String) -> ToolFailure {
        let names = descriptions.map(\.name).joined(separator: ", ")
        let offer = names.isEmpty ? "there are no tools" : "available tools: \(names)"
        return ToolFailure(.invalidCall, "there is no tool \"\(name)\"; \(offer)")
    }
}
