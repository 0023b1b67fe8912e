/// Where a stretch of a rendered conversation belongs.
///
/// The line end between two messages belongs to the header of the second, so that a turn ends with its control token and
/// what the policy sampled is always the beginning of the next prompt. After the last message it is a ``trailer``.
enum RenderedPlace: Sendable, Hashable {
    /// What comes before the first message: a beginning-of-text token, tool descriptions without a system message.
    case prologue
    /// What the template writes to open a message.
    case header(Int)
    /// What the generation prompt supplies of a message that the policy writes (`<think>`, for one). The reference spans
    /// count it as written; a conversation that grows does not.
    case supplied(Int)
    /// What the writer of the message wrote, the token that ends the turn included.
    case output(Int)
    /// What the template writes after the last message.
    case trailer
    /// What the policy is given to begin its turn with.
    case generationPrompt

    /// The index of the message.
    var message: Int? {
        switch self {
        case .header(let index), .supplied(let index), .output(let index): index
        default: nil
        }
    }

    /// The index of the message to whose body the stretch belongs.
    var body: Int? {
        switch self {
        case .supplied(let index), .output(let index): index
        default: nil
        }
    }

    var isOutput: Bool { if case .output = self { true } else { false } }
}
