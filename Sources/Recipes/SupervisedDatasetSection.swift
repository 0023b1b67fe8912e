import Synthesis

/// Conversations from files to train on: `sft.dataset`.
public struct SupervisedDatasetSection: Sendable {
    /// What becomes of examples with more tokens than allowed.
    public enum TooLong: String, CaseIterable, Sendable {
        case error
        case drop
        /// The first tokens are kept. An example of which nothing to learn is left is dropped.
        case cut
    }

    public var files: [String]
    public var format: ConversationFormat
    /// Files whose examples are measured on and not trained on.
    public var heldOut: [String]
    /// The greatest length of an example; `nil`: what the embedded backend's model can hold, and no limit on servers.
    public var maximumTokens: Int?
    public var tooLong: TooLong
    /// Whether the teacher's demonstrations are trained on besides.
    public var includesDemonstrations: Bool

    init(_ section: RecipeSection) {
        files = section.files("files")
        format = section.choice("format", default: ConversationFormat.auto) ?? .auto
        heldOut = section.optionalFiles("held_out")
        maximumTokens = section.optionalInteger("maximum_tokens", in: 2...100_000_000)
        tooLong = section.choice("too_long", default: TooLong.error) ?? .error
        includesDemonstrations = section.boolean("demonstrations", default: false)
        section.finish()
        let both = Set(files).intersection(heldOut).sorted()
        if !both.isEmpty {
            section.reader.complain(
                section.place(of: "held_out"),
                "sft.dataset.held_out names \(both.joined(separator: ", ")), which sft.dataset.files trains on; remove it from "
                    + "one of them, or use sft.evaluation_share")
        }
        let repeated = (files + heldOut).filter { file in
            (files + heldOut).count { $0 == file } > 1 && !both.contains(file)
        }
        if let file = repeated.first {
            section.reader.complain(
                section.place(of: "files"), "sft.dataset names \(file) more than once; name it once")
        }
    }
}
