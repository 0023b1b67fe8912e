import Primitives

/// What an assistant's message says as thinking and as visible text.
struct QwenThinking {
    var thinking: ByteText
    var content: ByteText

    /// A message without a thinking of its own may carry one in its content: what stands before the first `</think>`
    /// and after the last `<think>` there. The content is then what follows the last `</think>`.
    init(_ message: Message) {
        content = ByteText(message.content)
        thinking = []
        if let written = message.thinking {
            thinking = ByteText(written)
            return
        }
        let end = ByteText("</think>")
        guard let first = content.firstRange(of: end), let last = content.lastRange(of: end) else { return }
        thinking = content[..<first.lowerBound].trimmingTrailingNewlines()
        if let start = thinking.lastRange(of: ByteText("<think>")) { thinking = thinking[start.upperBound...] }
        thinking = thinking.trimmingLeadingNewlines()
        content = content[last.upperBound...].trimmingLeadingNewlines()
    }
}
