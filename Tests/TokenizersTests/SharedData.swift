import Foundation
import Primitives
import Storage
import Synchronization
import Testing

@testable import Tokenizers

/// The reference files beside the checkout, in `../shared/tokenizers`. Each is read once for all tests, since parsing
/// and building tables is most of what they would cost in an unoptimised build.
enum SharedData {
    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/tokenizers").standardizedFileURL.path()

    static let isPresent = FileStore.exists(directory + "/qwen3")
    static let absence: Comment = "the reference files are not in ../shared/tokenizers"

    private static let files = Memory<[JSONValue]>()
    private static let tokenizers = Memory<Tokenizer>()

    static func rows(_ path: String) throws -> [JSONValue] {
        try files.value(path) { try JSONLines.read("\(directory)/\(path)") }
    }

    /// - Parameter name: the directory of the reference files. Those of `chatml` were made with the tokenizer of Qwen2.5.
    static func tokenizer(_ name: String) throws -> Tokenizer {
        let name = name == "chatml" ? "qwen2.5" : name
        return try tokenizers.value(name) { try Tokenizer.load(path: "\(directory)/\(name)") }
    }
}

/// Values by name, each made when it is first asked for. Who asks while it is being made waits for it.
final class Memory<Value: Sendable>: Sendable {
    private final class Cell: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private let cells = Mutex<[String: Cell]>([:])

    func value(_ name: String, _ make: () throws -> Value) throws -> Value {
        let cell = cells.withLock { cells in
            let cell = cells[name] ?? Cell()
            cells[name] = cell
            return cell
        }
        return try cell.value.withLock { value in
            if let value { return value }
            let made = try make()
            value = made
            return made
        }
    }
}

/// A vocabulary small enough to train in a test, with the control tokens of Qwen3.
enum SmallVocabulary {
    static let texts = [
        "The cat sat on the mat. The cats sat on the mats; they'll sit there again, again and again.",
        "Marfan syndrome is caused by a variant in FBN1.\nMarfan syndrome affects the aorta.\n\nFBN1 encodes fibrillin-1.",
        #"{"name": "search", "arguments": {"query": "Marfan syndrome"}}"#, "naïve café – 3 × 40 mg",
    ]

    static let addedTokens: [(token: String, special: Bool)] = [
        ("<|endoftext|>", true), ("<|im_start|>", true), ("<|im_end|>", true), ("<think>", false), ("</think>", false),
        ("<tool_call>", false), ("</tool_call>", false), ("<tool_response>", false), ("</tool_response>", false),
    ]

    static let file = file(addedTokens: addedTokens)

    private static let made = Result { try Tokenizer(json: file) }

    static func tokenizer() throws -> Tokenizer { try made.get() }

    /// The same texts with the control tokens of another format.
    static func file(addedTokens: [(token: String, special: Bool)]) -> JSONValue {
        BytePairTrainer.train(texts: texts, vocabularySize: 300, addedTokens: addedTokens)
    }
}
