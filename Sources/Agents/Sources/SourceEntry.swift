/// What is known of a source before it is asked.
public struct SourceEntry: Sendable {
    public enum Key: Sendable, Hashable {
        case none
        /// More requests are allowed with a key.
        case optional(variable: String)
        case required(variable: String)

        public var variable: String? {
            switch self {
            case .none: nil
            case .optional(let variable), .required(let variable): variable
            }
        }
    }

    public var name: String
    /// What it holds, as a phrase.
    public var summary: String
    /// `nil` for a server that users run themselves.
    public var url: String?
    public var key: Key
    /// The terms of its records.
    public var licence: String
    public var rate: SourceRate
    /// The rate with a key, where it differs.
    public var rateWithKey: SourceRate?
    /// Records that one call returns, unless the recipe says otherwise, and the most it may say.
    public var limit: Int
    public var largestLimit: Int
    /// The tools' names.
    public var tools: [String]
}
