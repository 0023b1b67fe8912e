import Primitives
import Storage

/// What the files beside a `tokenizer.json` say about chats: `tokenizer_config.json`, `chat_template.jinja`,
/// `chat_template.json` and `generation_config.json`, each of which may be missing.
public struct TokenizerConfiguration: Sendable {
    /// The named tokens, such as `bos_token` and `eos_token`, which templates find under these names.
    public var namedTokens: [String: String] = [:]
    /// Tokens that end a generation, from `generation_config.json`.
    public var endTokens: [TokenID] = []
    /// The source of the chat template.
    public var templateSource: String?
    /// The source of the template for conversations with tools, if the model has one of its own.
    public var toolTemplateSource: String?
    /// The file of the template, for messages.
    var templateFile = "tokenizer_config.json"

    public init() {}

    /// Reads the files in the directory `path`, or in the directory of the file `path`.
    public static func load(beside path: String) throws(TokenizerError) -> TokenizerConfiguration {
        let directory = FileStore.isDirectory(path) ? path : FileStore.directory(of: path)
        var configuration = TokenizerConfiguration()
        if let json = try read(directory + "/tokenizer_config.json") {
            try configuration.read(json, file: directory + "/tokenizer_config.json")
        }
        let jsonPath = directory + "/chat_template.json"
        if let json = try read(jsonPath) {
            configuration.templateFile = jsonPath
            try configuration.readTemplate(FileComponent(file: jsonPath, path: "", value: json)["chat_template"])
        }
        let plainPath = directory + "/chat_template.jinja"
        if FileStore.exists(plainPath) {
            configuration.templateSource = try text(plainPath)
            configuration.toolTemplateSource = nil
            configuration.templateFile = plainPath
        }
        if let json = try read(directory + "/generation_config.json") {
            try configuration.readEndTokens(
                FileComponent(file: directory + "/generation_config.json", path: "", value: json)["eos_token_id"])
        }
        return configuration
    }

    private static func text(_ path: String) throws(TokenizerError) -> String {
        do { return try FileStore.readText(path) } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    private static func read(_ path: String) throws(TokenizerError) -> JSONValue? {
        guard FileStore.exists(path) else { return nil }
        do {
            return try JSONValue.parse(try FileStore.read(path))
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// Takes the content of a `tokenizer_config.json`.
    mutating func read(_ json: JSONValue, file: String) throws(TokenizerError) {
        let root = FileComponent(file: file, path: "", value: json)
        guard let object = json.objectValue else { throw root.unsupported("an object") }
        templateFile = file
        for (key, value) in object.members where key.hasSuffix("_token") && !value.isNull {
            // Some files have switches such as `add_bos_token`.
            if value.boolValue != nil { continue }
            if let token = value.stringValue ?? value["content"]?.stringValue {
                namedTokens[key] = token
            } else if ["bos_token", "eos_token", "pad_token"].contains(key) {
                throw root[key].unsupported("a token as a string or an object with `content`")
            }
        }
        try readTemplate(root["chat_template"])
    }

    /// A template, or a list of `{"name", "template"}`.
    private mutating func readTemplate(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent { return }
        if let source = component.value?.stringValue {
            templateSource = source
            toolTemplateSource = nil
            return
        }
        for entry in try component.elements("a template, or a list of named templates") {
            let name = try entry["name"].string("the name of a template")
            let source = try entry["template"].string("a template")
            switch name {
            case "default": templateSource = source
            case "tool_use": toolTemplateSource = source
            // Templates of other names are for callers who ask for them by name.
            default: break
            }
        }
    }

    /// A token's id, or a list of ids.
    private mutating func readEndTokens(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent { return }
        if let id = component.value?.integerValue.flatMap({ TokenID(exactly: $0) }) {
            endTokens = [id]
        } else if let ids = component.value?.tokensValue {
            endTokens = ids
        } else {
            throw component.unsupported("an id, or a list of ids")
        }
    }

    /// The chat template, or the one in the file `path`.
    func template(orAt path: String?) throws(TokenizerError) -> ChatTemplate {
        if let path { return try Self.template(try Self.text(path), file: path) }
        guard let source = templateSource ?? toolTemplateSource else {
            throw FileComponent(file: templateFile, path: "chat_template", value: nil).unsupported("a chat template")
        }
        return try Self.template(source, file: templateFile)
    }

    static func template(_ source: String, file: String) throws(TokenizerError) -> ChatTemplate {
        do {
            return try ChatTemplate(source: source)
        } catch {
            throw .unsupported(
                file: file, component: "chat_template", found: "\(error)",
                expected: "a template that can be interpreted")
        }
    }
}
