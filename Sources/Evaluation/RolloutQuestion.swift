/// What training and evaluation need to know of a question; its text and gold are the environment's business.
public protocol RolloutQuestion: Sendable {
    var id: String { get }
    var hops: Int { get }
    /// The medical field, or another grouping that reports should show; `nil` where there is none.
    var specialty: String? { get }
}
