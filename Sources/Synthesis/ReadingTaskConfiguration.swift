/// What base pre-training texts look like.
public struct ReadingTaskConfiguration: Sendable, Hashable {
    /// The entities of one fictional world.
    public var worldSize = 150
    /// How many consecutive texts share a world.
    public var tasksPerWorld = 256
    /// The share of copy exercises, and of readings; the rest are notes.
    public var copyShare = 0.1
    public var readingShare = 0.3
    /// The weight of the loss on what no reader could know beforehand: passages and questions.
    public var contextWeight: Float = 0.1
    /// How many hops the questions of notes have.
    public var hops = 2...4
    /// How many names a copy exercise lists.
    public var copiedNames = 3...9
    /// How many passages a reading shows, and how many questions it asks.
    public var readingPassages = 1...2
    public var readingQuestions = 1...3
    /// How many passages a look-up returns.
    public var lookupPassages = 1...1
    /// A passage is cut after so many characters; questions whose answer would be cut off are not asked.
    public var maximumPassageCharacters = 600

    public init() {}
}
