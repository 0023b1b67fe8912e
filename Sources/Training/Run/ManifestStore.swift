import Primitives
import Storage

/// The manifests of a run directory as they lie on the disk, and what is wrong with each.
struct ManifestStore {
    struct Entry: Sendable {
        var manifest: CheckpointManifest
        /// The SHA-256 of the manifest's file.
        var sha256: String

        var file: String { manifest.fileName }
    }

    let layout: RunLayout
    /// Every readable manifest, newest first.
    private(set) var entries: [Entry] = []
    /// Files that are no manifests, with the reason.
    private(set) var unreadable: [(file: String, reason: String)] = []

    init(layout: RunLayout) throws(TrainingError) {
        self.layout = layout
        guard FileStore.exists(layout.manifests) else { return }
        let files = try storing { () throws(StorageError) in try FileStore.list(layout.manifests) }
        let pointer = (try? FileStore.read(layout.latest)).flatMap { try? JSONValue.parse($0) }
        for file in files.sorted() where file.hasSuffix(".json") {
            let bytes = try storing { () throws(StorageError) in try FileStore.read(layout.manifests + "/" + file) }
            // No other manifest names the hash of the newest one yet.
            if pointer?["file"]?.stringValue == file, let written = pointer?["sha256"]?.stringValue,
                written != SHA256.hex(bytes)
            {
                unreadable.append((file, "latest.json names it with another SHA-256"))
                continue
            }
            do {
                let manifest = try CheckpointManifest(json: try JSONValue.parse(bytes))
                if manifest.fileName == file {
                    entries.append(Entry(manifest: manifest, sha256: SHA256.hex(bytes)))
                } else {
                    unreadable.append((file, "it says it is \(manifest.fileName)"))
                }
            } catch {
                unreadable.append((file, error.description))
            }
        }
        entries.sort { ($0.manifest.sequence, $0.file) > ($1.manifest.sequence, $1.file) }
    }

    /// The manifest and its ancestors, oldest first, or what is wrong with them.
    func chain(of entry: Entry) -> Result<[Entry], ManifestProblem> {
        var chain = [entry]
        while let parent = chain[chain.count - 1].manifest.parent {
            let child = chain[chain.count - 1]
            guard let found = entries.first(where: { $0.file == parent.file }) else {
                return .failure(ManifestProblem("its ancestor \(parent.file) is missing or unreadable"))
            }
            guard found.sha256 == parent.sha256 else {
                return .failure(ManifestProblem("its ancestor \(parent.file) has another SHA-256 than it names"))
            }
            guard found.manifest.sequence == child.manifest.sequence - 1 else {
                return .failure(ManifestProblem("its ancestor \(parent.file) is out of sequence"))
            }
            chain.append(found)
        }
        guard chain[chain.count - 1].manifest.sequence == 1 else {
            return .failure(ManifestProblem("its chain of parents ends before the first manifest"))
        }
        return .success(chain.reversed())
    }

    /// What is wrong with the files that a manifest names; `nil` where they verify.
    func problem(withFilesOf manifest: CheckpointManifest, recipeSHA256: String) -> ManifestProblem? {
        guard manifest.recipeSHA256 == recipeSHA256 else {
            return ManifestProblem("it was written under another recipe (SHA-256 \(manifest.recipeSHA256))")
        }
        for file in manifest.files + manifest.pending.map(\.file) {
            let path = layout.root + "/" + file.path
            do {
                guard FileStore.exists(path) else { return ManifestProblem("\(file.path) is missing") }
                let size = try FileStore.size(path)
                guard size >= file.length else {
                    return ManifestProblem("\(file.path) holds \(size) bytes, but \(file.length) were written")
                }
                guard try SHA256.hex(file: path, prefix: file.length) == file.sha256 else {
                    return ManifestProblem("the first \(file.length) bytes of \(file.path) have changed")
                }
            } catch {
                return ManifestProblem(error.description)
            }
        }
        return nil
    }
}

/// Why a manifest cannot be trusted.
struct ManifestProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
