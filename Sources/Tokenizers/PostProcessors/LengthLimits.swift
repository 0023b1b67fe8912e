import Primitives

/// The `truncation` and `padding` of a tokenizer file, for single texts.
struct LengthLimits: Sendable {
    private enum Side { case left, right }

    /// At most so many tokens, those of the post-processor included; what is cut off, and where.
    private var longest: (count: Int, side: Side)?
    /// To so many tokens, or to none but what the multiple asks for.
    private var padding: (count: Int?, multiple: Int, side: Side, id: TokenID)?

    init(truncation: FileComponent, padding: FileComponent) throws(TokenizerError) {
        if !truncation.isAbsent {
            try truncation.require(type: nil, members: ["direction", "max_length", "strategy", "stride"])
            let count = try truncation["max_length"].count("a number of tokens")
            // A stride only makes the parts that are cut off overlap, and these are not returned.
            let stride = try truncation["stride"].count("a number of tokens")
            guard stride == 0 || stride < count else {
                throw truncation["stride"].unsupported("less than max_length")
            }
            let strategies = ["LongestFirst", "OnlyFirst"]
            guard strategies.contains(try truncation["strategy"].string("a strategy")) else {
                throw truncation["strategy"].unsupported(strategies.joined(separator: " or "))
            }
            longest = (count, try Self.side(truncation["direction"]))
        }
        if !padding.isAbsent {
            try padding.require(
                type: nil,
                members: ["strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token"])
            var count: Int?
            let strategy = padding["strategy"]
            if strategy.value != "BatchLongest" {
                try strategy.require(type: nil, members: ["Fixed"])
                let fixed = try strategy["Fixed"].integer("a number of tokens")
                guard 0...1 << 24 ~= fixed else { throw strategy["Fixed"].unsupported("a number of tokens") }
                count = fixed
            }
            let multiple = padding["pad_to_multiple_of"]
            let id = try padding["pad_id"].integer("a token id")
            guard let id = TokenID(exactly: id), id >= 0 else { throw padding["pad_id"].unsupported("a token id") }
            self.padding = (
                count, multiple.isAbsent ? 0 : try multiple.integer("a number of tokens"),
                try Self.side(padding["direction"]), id
            )
        }
    }

    var isEmpty: Bool { longest == nil && padding == nil }

    private static func side(_ component: FileComponent) throws(TokenizerError) -> Side {
        switch component.value {
        case "Left": return .left
        case "Right", nil: return .right
        default: throw component.unsupported("\"Left\" or \"Right\"")
        }
    }

    /// - Parameter reserved: the number of tokens that the post-processor is going to add.
    func truncate(_ encoding: inout Encoding, reserved: Int) {
        guard let longest else { return }
        let count = max(longest.count - reserved, 0)
        guard encoding.ids.count > count else { return }
        let excess = encoding.ids.count - count
        switch longest.side {
        case .right:
            encoding.ids.removeLast(excess)
            if !encoding.offsets.isEmpty { encoding.offsets.removeLast(excess) }
        case .left:
            encoding.ids.removeFirst(excess)
            if !encoding.offsets.isEmpty { encoding.offsets.removeFirst(excess) }
        }
    }

    func pad(_ encoding: inout Encoding, keepsOffsets: Bool) {
        guard let padding else { return }
        var count = padding.count ?? encoding.ids.count
        if padding.multiple > 1, count % padding.multiple > 0 { count += padding.multiple - count % padding.multiple }
        let missing = count - encoding.ids.count
        guard missing > 0 else { return }
        let index = padding.side == .left ? 0 : encoding.ids.count
        encoding.ids.insert(contentsOf: repeatElement(padding.id, count: missing), at: index)
        if keepsOffsets { encoding.offsets.insert(contentsOf: repeatElement(0..<0, count: missing), at: index) }
    }
}
