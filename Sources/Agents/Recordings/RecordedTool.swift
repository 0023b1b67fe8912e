import Primitives
import Storage
import Tokenizers

/// Any tool, with its answers recorded or replayed: a run whose tools are replayed needs no network and no server.
///
/// Within one recording the same call always gets the same answer, also where the call is to blame for a failure; equal calls
/// under way at the same time are made once. Outages pass, so they are not recorded, and neither is a call that was given up.
public struct RecordedTool: Tool {
    private let tool: any Tool
    private let name: String
    private let recording: ToolRecording
    private let flights = SingleFlight<Result<ToolResult, ToolFailure>>()

    public init(_ tool: any Tool, recording: ToolRecording) {
        self.tool = tool
        name = tool.description.name
        self.recording = recording
    }

    public var description: ToolDescription { tool.description }
    public var traits: ToolTraits { tool.traits }

    public func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        let key = ToolRecording.key(name, arguments)
        if let answer = await recording.answer(key) { return try answer.get() }
        guard recording.mode != .replay else {
            throw ToolFailure(.unavailable, await recording.absence(of: key))
        }
        let flight = await flights.value(for: key) {
            let answer: Result<ToolResult, ToolFailure>
            do throws(ToolFailure) { answer = .success(try await tool.call(arguments: arguments)) } catch {
                answer = .failure(error)
            }
            if case .failure(let failure) = answer, failure.kind.isOutage { return answer }
            if Task.isCancelled { return answer }
            do throws(StorageError) {
                return try await recording.keep(answer, tool: name, arguments: arguments)
            } catch {
                return .failure(
                    ToolFailure(.unavailable, "\(name): the answer could not be written into the recording"))
            }
        }
        guard let flight else { throw ToolFailure(.timeout, "\(name): the call was given up") }
        return try flight.value.get()
    }
}
