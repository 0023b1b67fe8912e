import Primitives

/// The tokens of a text and where in it each of them comes from.
public struct Encoding: Sendable, Hashable {
    public var ids: [TokenID]
    /// For each token the bytes of the text's UTF-8 that it stands for. Where the text was normalised these are the bytes
    /// before normalisation, as in Hugging Face (which counts scalars).
    public var offsets: [Range<Int>]

    public init(ids: [TokenID] = [], offsets: [Range<Int>] = []) {
        self.ids = ids
        self.offsets = offsets
    }
}
