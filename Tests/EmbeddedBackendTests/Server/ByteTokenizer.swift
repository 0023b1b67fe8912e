import Foundation
import Primitives

/// A tokenizer whose token *b* is byte *b*, with a few control tokens, and a chat template for it.
enum ByteTokenizer {
    static let turnStart: TokenID = 256
    static let turnEnd: TokenID = 257
    static let callStart: TokenID = 259
    static let callEnd: TokenID = 260

    static func tokens(_ text: String) -> [TokenID] { text.utf8.map(TokenID.init) }

    /// Writes `tokenizer.json` and `tokenizer_config.json`.
    static func write(to directory: String) throws {
        var vocabulary = JSONObject()
        var next: UInt32 = 256
        for byte in UInt32(0)...255 {
            // Byte-level tokenizers write bytes that print as themselves and the others as the characters from 256 on.
            let printsItself = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            let scalar = printsItself ? byte : next
            if !printsItself { next += 1 }
            guard let character = Unicode.Scalar(scalar) else { continue }
            vocabulary[String(Character(character))] = .integer(Int(byte))
        }
        let names = [
            ("<|im_start|>", turnStart), ("<|im_end|>", turnEnd), ("<|endoftext|>", 258), ("<tool_call>", callStart),
            ("</tool_call>", callEnd),
        ]
        let added = names.map { content, id -> JSONValue in
            [
                "id": .integer(Int(id)), "content": .string(content), "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": .bool(id < callStart),
            ]
        }
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        ]
        let file: JSONValue = [
            "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": .array(added),
            "normalizer": .null, "pre_tokenizer": byteLevel, "post_processor": .null, "decoder": byteLevel,
            "model": [
                "type": "BPE", "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
                "end_of_word_suffix": .null, "fuse_unk": false, "byte_fallback": false, "vocab": .object(vocabulary),
                "merges": [],
            ],
        ]
        let template = """
            {% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}\
            {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}
            """
        let configuration: JSONValue = ["chat_template": .string(template), "eos_token": "<|im_end|>"]
        for (name, json) in [("tokenizer.json", file), ("tokenizer_config.json", configuration)] {
            try Data(json.serialized()).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }
    }
}
