import Primitives
import Storage

/// Reads the tensors of a layout from one safetensors file or from shards, strictly: each tensor is there once, with the
/// right shape and a floating-point type, and there are no others.
struct TensorReader {
    private let files: [SafeTensorsFile]
    /// What the reader calls the whole: the single file, or the index of the shards.
    private let name: String

    /// Opens one file.
    init(file: String) throws(EngineError) {
        files = [try Self.open(file)]
        name = file
    }

    /// Opens `model.safetensors`, or else the shards that `model.safetensors.index.json` names.
    init(modelDirectory directory: String) throws(EngineError) {
        let single = directory + "/model.safetensors"
        let index = directory + "/model.safetensors.index.json"
        if FileStore.exists(single) {
            files = [try Self.open(single)]
            name = single
            return
        }
        guard FileStore.exists(index) else {
            throw .model("\(directory): neither model.safetensors nor model.safetensors.index.json is there")
        }
        var shards: [String: [String]] = [:]
        for (tensor, shard) in try Self.weightMap(index) { shards[shard, default: []].append(tensor) }
        var files: [SafeTensorsFile] = []
        for (shard, tensors) in shards.sorted(by: { $0.key < $1.key }) {
            let path = directory + "/" + shard
            guard FileStore.exists(path) else {
                throw .model(
                    "\(index): the shard \"\(shard)\", which should hold \"\(tensors.min() ?? "")\", is missing")
            }
            let file = try Self.open(path)
            if let missing = tensors.sorted().first(where: { file[$0] == nil }) {
                throw .model("\(path): tensor \"\(missing)\" is missing, which \(index) places there")
            }
            let expected = Set(tensors)
            if let extra = file.tensors.first(where: { !expected.contains($0.name) }) {
                throw .model("\(path): tensor \"\(extra.name)\" is not in \(index)")
            }
            files.append(file)
        }
        self.files = files
        name = index
    }

    private static func open(_ path: String) throws(EngineError) -> SafeTensorsFile {
        do { return try SafeTensorsFile(path) } catch { throw .model(error.description) }
    }

    /// Tensor and shard of each entry of an index.
    private static func weightMap(_ index: String) throws(EngineError) -> [(String, String)] {
        let json: JSONValue
        do { json = try JSONValue.parse(try FileStore.read(index)) } catch { throw .model("\(index): \(error)") }
        guard let members = json["weight_map"]?.objectValue?.members else {
            throw .model("\(index): \"weight_map\" should be an object, found \(json["weight_map"]?.kind ?? "nothing")")
        }
        var map: [(String, String)] = []
        for (tensor, value) in members {
            guard let shard = value.stringValue, !shard.isEmpty, !shard.contains("/"), shard != ".", shard != ".."
            else {
                throw .model("\(index): \"weight_map.\(tensor)\" is \(value.text); expected a file name")
            }
            map.append((tensor, shard))
        }
        return map
    }

    var metadata: [String: String] { files.first?.metadata ?? [:] }

    /// Reads all tensors into a buffer, each at its offset; `prefix` stands before their names in the files. Nothing is
    /// written when it throws.
    ///
    /// - Parameter ignoring: tensors that may be there besides.
    func read(
        _ tensors: [ParameterLayout.Tensor], prefix: String = "", into buffer: FloatBuffer,
        ignoring: (String) -> Bool = { _ in false }
    ) throws(EngineError) {
        try check(tensors, prefix: prefix, ignoring: ignoring)
        for tensor in tensors { try read(tensor, as: prefix + tensor.name, to: buffer.pointer + tensor.offset) }
    }

    /// Throws what ``read(_:prefix:into:ignoring:)`` would.
    func check(
        _ tensors: [ParameterLayout.Tensor], prefix: String = "", ignoring: (String) -> Bool = { _ in false }
    ) throws(EngineError) {
        for tensor in tensors { _ = try find(tensor, as: prefix + tensor.name) }
        let known = Set(tensors.map { prefix + $0.name })
        for file in files {
            for tensor in file.tensors where !known.contains(tensor.name) && !ignoring(tensor.name) {
                throw .model(
                    "\(file.path): tensor \"\(tensor.name)\" belongs to no parameter of this model; expected"
                        + " \(tensors.count) tensors such as \"\(prefix)\(tensors.first?.name ?? "")\"")
            }
        }
    }

    /// Reads one tensor, where it is there, to the beginning of a buffer that grows for it.
    func readIfPresent(_ tensor: ParameterLayout.Tensor, reserving buffer: FloatBuffer) throws(EngineError) -> Bool {
        guard files.contains(where: { $0[tensor.name] != nil }) else { return false }
        buffer.reserve(tensor.count)
        try read(tensor, as: tensor.name, to: buffer.pointer)
        return true
    }

    private func read(
        _ tensor: ParameterLayout.Tensor, as stored: String, to target: UnsafeMutablePointer<Float>
    ) throws(EngineError) {
        _ = try find(tensor, as: stored).copyFloats(stored, to: target)
    }

    /// The file that holds a tensor, of the right shape and type.
    private func find(_ tensor: ParameterLayout.Tensor, as stored: String) throws(EngineError) -> SafeTensorsFile {
        guard let file = files.first(where: { $0[stored] != nil }), let found = file[stored] else {
            throw .model("\(name): tensor \"\(stored)\" is missing")
        }
        guard found.shape == tensor.shape else {
            throw .model("\(file.path): tensor \"\(stored)\" has shape \(found.shape), expected \(tensor.shape)")
        }
        guard ["F32", "BF16", "F16"].contains(found.elementType) else {
            throw .model(
                "\(file.path): tensor \"\(stored)\" has the element type \(found.elementType), expected F32, BF16 or F16"
            )
        }
        return file
    }
}
