import Primitives
import Storage

extension GraphMerger.Outcome {
    /// Whether a graph is written as one file: the name ends in `.graph`.
    public static func isFile(_ path: String) -> Bool { path.hasSuffix(".graph") }

    /// Where conflicts and the report of a graph at `path` are written.
    public static func companions(of path: String) -> (conflicts: String, report: String) {
        isFile(path)
            ? ("\(path).conflicts.jsonl", "\(path).import.json") : ("\(path)/conflicts.jsonl", "\(path)/import.json")
    }

    /// Writes the graph (as one file where the name ends in `.graph`, else as a directory of three tables), the conflicts
    /// as JSON lines, and the report. A graph without entities is not written, so that it does not replace another.
    public func write(to path: String, report: ImportReport) throws(KnowledgeError) {
        guard !graph.entities.isEmpty else {
            throw .nothingToWrite(path: path, records: report.records, leftOut: report.omissions.map(\.reason))
        }
        if Self.isFile(path) { try graph.save(file: path) } else { try graph.save(directory: path) }
        let (conflictsPath, reportPath) = Self.companions(of: path)
        do throws(StorageError) {
            try FileStore.writeAtomically(JSONLines.encode(conflicts.map(\.json)), to: conflictsPath)
            try FileStore.writeAtomically(json(report).serialized() + [UInt8(ascii: "\n")], to: reportPath)
        } catch { throw .storage(error) }
    }

    /// Conflicts by kind, the most frequent first.
    public var conflictCounts: [(kind: GraphConflict.Kind, count: Int)] {
        GraphConflict.Kind.allCases.map { kind in (kind, conflicts.count { $0.kind == kind }) }
            .filter { $0.1 > 0 }.sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
    }

    /// What became of the draft, in lines.
    public var summary: String {
        let counts = conflictCounts.map { "\($0.count) \($0.kind.rawValue)" }.joined(separator: ", ")
        return """
            \(graph.entities.count) entities (\(mergedEntities) merged into others), \(graph.triples.count) facts \
            (\(repeatedFacts) repeated statements)
            \(conflicts.count) conflicts\(counts.isEmpty ? "" : ": \(counts)")
            """
    }

    /// The report with what became of the draft.
    public func json(_ report: ImportReport) -> JSONValue {
        var object = report.json.objectValue ?? JSONObject()
        object["graph"] = .string(graph.digest)
        object["entities"] = .integer(graph.entities.count)
        object["merged_entities"] = .integer(mergedEntities)
        object["facts"] = .integer(graph.triples.count)
        object["repeated_statements"] = .integer(repeatedFacts)
        object["conflicts"] = .object(
            JSONObject(uniqueKeysWithValues: conflictCounts.map { ($0.kind.rawValue, .integer($0.count)) }))
        return .object(object)
    }
}
