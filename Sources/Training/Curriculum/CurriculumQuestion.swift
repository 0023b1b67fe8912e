/// What a curriculum knows of a question before anybody tried it.
public struct CurriculumQuestion: Sendable, Equatable {
    /// The question's place in the stage's list.
    public var index: Int
    public var id: String
    public var specialty: String?
    /// From the question's certificate, on any scale: higher is harder.
    public var difficulty: Double?

    public init(index: Int, id: String, specialty: String? = nil, difficulty: Double? = nil) {
        self.index = index
        self.id = id
        self.specialty = specialty
        self.difficulty = difficulty
    }
}
