/// One scalar of an edited text and what it comes from.
struct ScalarEdit: Sendable, Hashable {
    var scalar: UInt32
    /// How many scalars of the old text it replaces. A scalar that replaces none is inserted.
    var replaced: Int
}
