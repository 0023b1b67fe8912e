extension RenderedConversation {
    /// The first segment after what the policy has already written of a conversation, when it ended its turn, message
    /// `index`, with the text `stop`: that text may be longer than what the format counts as the turn, and then reaches
    /// into the header of the next message.
    ///
    /// `nil` when the conversation does not go on with the rest of the stop text, so that it cannot grow from what was
    /// sampled.
    func firstSegment(after index: Int, endedBy stop: String) -> Int? {
        guard let last = segments.lastIndex(where: { $0.place == .output(index) }) else { return nil }
        let stop = ByteText(stop)
        var text = ByteText(segments[...last].map(\.content.text).joined())
        let turnEnd = text.count
        var next = last + 1
        while !text.hasSuffix(stop) {
            guard next < segments.count, text.count - turnEnd < stop.count else { return nil }
            text += ByteText(segments[next].content.text)
            next += 1
        }
        return next
    }
}
