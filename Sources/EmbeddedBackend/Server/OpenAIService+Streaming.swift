import Primitives
import Tokenizers

/// Server-sent events of sequences that are being drawn.
extension OpenAIService {
    /// What happens while sequences are drawn.
    enum DrawEvent: Sendable {
        case token(draw: Int, SamplingEngine.SampledToken)
        case finished([SamplingEngine.Completion])
    }

    /// Draws, and writes what `makeWriter`'s writer emits. A client that goes away ends the drawing.
    ///
    /// - Parameter makeWriter: called once in the task that writes; given how to emit, makes what takes the events.
    func events(
        _ draws: [Draw], target: TinkerService.SamplingSession, tokenizer: Tokenizer,
        makeWriter: @escaping @Sendable (_ emit: @escaping (JSONValue) -> Void) -> (DrawEvent) -> Void
    ) -> ServerResponse {
        let (output, writing) = AsyncStream<[UInt8]>.makeStream()
        let (tokens, drawing) = AsyncStream<(Int, SamplingEngine.SampledToken)>.makeStream()
        let work = Task {
            let drawn = Task {
                defer { drawing.finish() }
                return try await run(draws, target: target, tokenizer: tokenizer) { draw, token in
                    drawing.yield((draw, token))
                }
            }
            await withTaskCancellationHandler {
                let write = makeWriter { writing.yield(OpenAIAnswer.event($0)) }
                for await (draw, token) in tokens { write(.token(draw: draw, token)) }
                do {
                    write(.finished(try await drawn.value))
                    writing.yield(OpenAIAnswer.lastEvent)
                } catch {
                    writing.yield(OpenAIAnswer.event(OpenAIError(error).body))
                }
            } onCancel: {
                drawn.cancel()
            }
            writing.finish()
            tinker.end(target)
        }
        writing.onTermination = { _ in work.cancel() }
        return ServerResponse(events: output)
    }
}
