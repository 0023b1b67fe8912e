/// Why an ``EmbeddedServer`` could not start.
public enum EmbeddedServerError: Error, Sendable, CustomStringConvertible {
    case noAPIKey
    case noModels
    case noRandomness
    case model(name: String, directory: String, reason: String)
    case checkpointDirectory(path: String, reason: String)
    case listen(host: String, port: UInt16, reason: String)
    case alreadyStarted

    public var description: String {
        switch self {
        case .noAPIKey:
            "the embedded backend needs an API key that is not empty: give it a random one for this run"
        case .noModels:
            "the embedded backend was given no base model: name at least one directory in Hugging Face layout"
        case .noRandomness:
            "/dev/urandom gave no 16 bytes for the embedded backend's API key: name a key yourself"
        case .model(let name, let directory, let reason):
            """
            base model `\(name)` could not be read from \(directory): \(reason). Expected config.json and \
            safetensors files of a Qwen2, Qwen3 or Llama decoder
            """
        case .checkpointDirectory(let path, let reason):
            "the checkpoint directory \(path) cannot be used: \(reason). Name a directory that can be written"
        case .listen(let host, let port, let reason):
            "cannot listen on \(host):\(port): \(reason). Use port 0 for any free port"
        case .alreadyStarted:
            "this embedded backend was already started; one instance serves once"
        }
    }
}
