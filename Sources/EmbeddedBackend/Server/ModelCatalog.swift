import Primitives
import Storage

/// The base models of a server, read once when it starts.
struct ModelCatalog: Sendable {
    struct Entry: Sendable {
        var name: String
        var directory: String
        var weights: any ModelWeights
        /// The tokens that end a sequence where a request does not say.
        var endOfSequence: [TokenID]
        var architecture: String
        var text: ModelText

        var limits: ModelLimits {
            ModelLimits(vocabularySize: weights.vocabularySize, maximumPositions: weights.maximumPositions)
        }
    }

    /// By name, sorted.
    let entries: [Entry]

    /// Reads every model. Blocking.
    ///
    /// - Parameter renderers: the names of chat renderers, by model.
    init(
        _ directories: [String: String], renderers: [String: String] = [:], loader: ModelLoader
    ) throws(EmbeddedServerError) {
        var entries: [Entry] = []
        for (name, directory) in directories.sorted(by: { $0.key < $1.key }) {
            do {
                let configuration = try JSONValue.parse(try FileStore.read(directory + "/config.json"))
                entries.append(
                    Entry(
                        name: name, directory: directory, weights: try loader(directory),
                        endOfSequence: try Self.endOfSequence(in: directory, configuration: configuration),
                        architecture: configuration["model_type"]?.stringValue ?? "qwen3",
                        text: ModelText(model: name, directory: directory, renderer: renderers[name])))
            } catch {
                throw .model(name: name, directory: directory, reason: String(describing: error))
            }
        }
        self.entries = entries
    }

    subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    /// The entry of a name that a request gave.
    func entry(named name: String, member: String) throws(ServiceError) -> Entry {
        guard let entry = self[name] else {
            let known = entries.map { "`\($0.name)`" }.joined(separator: ", ")
            throw .invalid("`\(member)` is `\(name)`; this backend serves \(known)")
        }
        return entry
    }

    /// `eos_token_id` of generation_config.json, else of config.json: an integer, a list, or nothing.
    private static func endOfSequence(in directory: String, configuration: JSONValue) throws -> [TokenID] {
        var sources = [configuration]
        let generation = directory + "/generation_config.json"
        if FileStore.exists(generation) { sources.insert(try JSONValue.parse(try FileStore.read(generation)), at: 0) }
        for source in sources {
            guard let value = source["eos_token_id"], value != .null else { continue }
            if let tokens = value.tokensValue { return tokens }
            return [TokenID](try [source.integer(at: "eos_token_id")].map(TokenID.init))
        }
        return []
    }
}
