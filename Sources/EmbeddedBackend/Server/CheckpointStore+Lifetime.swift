import Primitives
import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One version of a checkpoint, as a sampler needs it.
struct HeldCheckpoint: Hashable, Sendable {
    var reference: CheckpointReference
    var version: String
}

/// Deletion, expiry, and what survives them; listing; recovery after a kill.
extension CheckpointStore {
    // MARK: Holding

    /// Keeps the present version of a checkpoint readable until ``release(_:)``, whatever becomes of its name.
    func hold(_ reference: CheckpointReference) throws(ServiceError) -> (HeldCheckpoint, CheckpointDescription) {
        try state.withLock { (state) throws(ServiceError) in
            let description = try description(of: reference)
            let held = HeldCheckpoint(reference: reference, version: description.version)
            state.holders[held, default: 0] += 1
            return (held, description)
        }
    }

    /// Ends a hold; a retired version that nobody holds any more is removed.
    func release(_ held: HeldCheckpoint) {
        let isUnused = state.withLock { state in
            guard let count = state.holders[held] else { return false }
            state.holders[held] = count > 1 ? count - 1 : nil
            return count == 1
        }
        if isUnused { try? FileStore.remove(retiredDirectory(of: held)) }
    }

    /// Where a version is: in its place, or aside.
    func directory(of held: HeldCheckpoint) throws(ServiceError) -> String {
        let isRetired = FileStore.exists(retiredDirectory(of: held))
        let directory = isRetired ? retiredDirectory(of: held) : self.directory(of: held.reference)
        guard FileStore.exists(directory) else {
            throw .gone("checkpoint \(held.reference.path) was deleted; save and sample another one")
        }
        return directory
    }

    /// What is known of a held version, also when it is gone from its place.
    func description(of held: HeldCheckpoint) throws -> CheckpointDescription {
        let file = try directory(of: held) + "/" + Self.descriptionFile
        return try CheckpointDescription(
            reference: held.reference, file: try JSONValue.parse(try FileStore.read(file)))
    }

    private func retiredDirectory(of held: HeldCheckpoint) -> String {
        "\(parent(of: held.reference))/\(Self.retiredPrefix)\(held.version)-\(held.reference.name)"
    }

    /// Moves a directory that has left its place to where its holders find it, if there are any.
    func retire(_ directory: String, _ reference: CheckpointReference, state: State) throws {
        guard FileStore.exists(directory), !state.holders.isEmpty,
            let file = try? JSONValue.parse(try FileStore.read(directory + "/" + Self.descriptionFile)),
            let description = try? CheckpointDescription(reference: reference, file: file)
        else { return }
        let held = HeldCheckpoint(reference: reference, version: description.version)
        if state.holders[held] != nil { try Self.move(directory, to: retiredDirectory(of: held)) }
    }

    // MARK: Ending

    /// Deletes a checkpoint; its samplers go on.
    func delete(_ reference: CheckpointReference) throws(ServiceError) {
        _ = try description(of: reference)
        do { try remove(reference) } catch {
            throw .failed("\(reference.path) cannot be deleted: \(error)")
        }
    }

    /// Deletes every checkpoint whose time is over.
    /// - Returns: when the next one expires, in seconds since 1970.
    func expire() throws -> Double? {
        var next: Double?
        for reference in try references() {
            let file = directory(of: reference) + "/" + Self.descriptionFile
            guard let bytes = try? FileStore.read(file), let json = try? JSONValue.parse(bytes),
                let expires = json["expires"]?.doubleValue
            else { continue }
            if expires <= now() { try remove(reference) } else { next = min(next ?? expires, expires) }
        }
        return next
    }

    private func remove(_ reference: CheckpointReference) throws {
        let aside = "\(parent(of: reference))/\(Self.unfinishedPrefix)\(getpid())-deleted-\(reference.name)"
        try state.withLock { state in
            try FileStore.remove(aside)
            try Self.move(directory(of: reference), to: aside)
            try retire(aside, reference, state: state)
        }
        try FileStore.remove(aside)
    }

    // MARK: Listing

    /// The checkpoints of one model or of all, oldest first.
    func list(model: String? = nil) throws(ServiceError) -> [CheckpointDescription] {
        let references: [CheckpointReference]
        do { references = try self.references(model: model) } catch {
            throw .failed("\(root) cannot be listed: \(error)")
        }
        return references.compactMap { try? description(of: $0) }.sorted {
            ($0.created, $0.reference.path) < ($1.created, $1.reference.path)
        }
    }

    private func references(model: String? = nil) throws -> [CheckpointReference] {
        var references: [CheckpointReference] = []
        for id in try model.map({ [$0] }) ?? FileStore.list(root) where Self.modelNumber(id) != nil {
            for kind in CheckpointReference.Kind.allCases {
                let parent = "\(root)/\(id)/\(kind.rawValue)"
                guard FileStore.isDirectory(parent) else { continue }
                for name in try FileStore.list(parent) {
                    guard let reference = try? CheckpointReference(modelID: id, kind: kind, name: name) else {
                        continue
                    }
                    references.append(reference)
                }
            }
        }
        return references
    }

    // MARK: Runs

    func save(_ run: RunDescription) throws(StorageError) {
        try FileStore.writeAtomically(run.file.serialized(), to: "\(root)/\(run.modelID)/\(Self.runFile)")
    }

    /// The training runs that left something, by model id.
    func runs() throws(ServiceError) -> [RunDescription] {
        let names: [String]
        do { names = try FileStore.list(root) } catch { throw .failed("\(root) cannot be listed: \(error)") }
        return names.filter { Self.modelNumber($0) != nil }.sorted().compactMap { id in
            if let bytes = try? FileStore.read("\(root)/\(id)/\(Self.runFile)"), let file = try? JSONValue.parse(bytes),
                let run = try? RunDescription(modelID: id, file: file)
            {
                return run
            }
            // A directory of an earlier release.
            guard let newest = try? list(model: id).last else { return nil }
            return RunDescription(
                modelID: id, alias: nil, baseModel: newest.baseModel, adapter: newest.adapter,
                lastRequest: newest.created, userMetadata: .null)
        }
    }

    // MARK: After a kill

    /// Creates the root, removes what dead processes left half written or aside, completes interrupted replacements,
    /// and deletes what has expired.
    func recover() throws {
        try FileStore.createDirectory(root)
        for model in try FileStore.list(root) where Self.modelNumber(model) != nil {
            for kind in CheckpointReference.Kind.allCases {
                let parent = "\(root)/\(model)/\(kind.rawValue)"
                guard FileStore.isDirectory(parent) else { continue }
                for entry in try FileStore.list(parent) { try recover(entry, in: parent) }
            }
        }
        _ = try expire()
    }

    private func recover(_ entry: String, in parent: String) throws(StorageError) {
        if entry.hasPrefix(Self.unfinishedPrefix) {
            let owner = pid_t(entry.dropFirst(Self.unfinishedPrefix.count).prefix { $0 != "-" }) ?? 0
            let isOwnerAlive = owner > 0 && owner != getpid() && kill(owner, 0) == 0
            if !isOwnerAlive { try FileStore.remove(parent + "/" + entry) }
        } else if entry.hasPrefix(Self.replacedPrefix) {
            let final = parent + "/" + entry.dropFirst(Self.replacedPrefix.count)
            if FileStore.exists(final) {
                try FileStore.remove(parent + "/" + entry)
            } else {
                try Self.move(parent + "/" + entry, to: final)
            }
        } else if entry.hasPrefix(Self.retiredPrefix) {
            try FileStore.remove(parent + "/" + entry)
        }
    }
}
