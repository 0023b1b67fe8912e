/// The steps of a decoder with what each of them holds back.
struct DecoderPipeline: Sendable {
    private var stages: [any DecoderStage]

    init(_ decoder: Decoder) { stages = decoder.stages }

    /// The text that is certain after one more token.
    mutating func append(token: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        feed(.text(token), to: 0, &output)
        feed(.end, to: 0, &output)
        return output
    }

    /// The rest of the text.
    mutating func finish() -> [UInt8] {
        var output: [UInt8] = []
        for index in stages.indices {
            var events: [DecoderEvent] = []
            stages[index].finish { events.append($0) }
            for event in events { feed(event, to: index + 1, &output) }
        }
        return output
    }

    private mutating func feed(_ event: DecoderEvent, to index: Int, _ output: inout [UInt8]) {
        guard index < stages.count else {
            if case .text(let bytes) = event { output += bytes }
            return
        }
        var events: [DecoderEvent] = []
        stages[index].receive(event) { events.append($0) }
        for event in events { feed(event, to: index + 1, &output) }
    }
}
