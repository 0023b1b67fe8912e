/// What a server says about a model (`get_info`).
public struct ModelInformation: Sendable, Equatable {
    public var modelIdentifier: String
    public var architecture: String?
    public var baseModel: String?
    public var tokenizer: String?
    public var isLoRA: Bool?
    public var loraRank: Int?
}
