import Knowledge
import Primitives
import Storage

/// One question of a benchmark that training data must not contain.
public struct BenchmarkItem: Sendable, Hashable {
    /// The name of the file, and the line in it.
    public var benchmark: String
    public var line: Int
    public var question: String
    /// Right answers, as far as the file tells them.
    public var answers: [String]
    /// Options and whatever else an overlap of entities is looked for in.
    public var context: String

    public init(benchmark: String, line: Int, question: String, answers: [String] = [], context: String = "") {
        self.benchmark = benchmark
        self.line = line
        self.question = question
        self.answers = answers
        self.context = context
    }
}

/// Which fields of a benchmark's rows say what. Several names are tried in turn; a dot leads into an object.
public struct BenchmarkFields: Sendable, Hashable {
    public var question = ["question", "prompt", "query", "problem"]
    public var answer = ["answer", "answers", "gold", "gold.value", "final_decision", "target"]
    public var context = ["options", "choices"]

    public init() {}
}

public enum BenchmarkFile {
    /// Reads a benchmark: `.jsonl`, `.json` (an array, or an object that holds one), `.csv`, `.tsv`, each also as `.zst`.
    public static func read(_ path: String, fields: BenchmarkFields = BenchmarkFields()) throws(SynthesisError)
        -> [BenchmarkItem]
    {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var items: [BenchmarkItem] = []
        for (line, row) in try rows(path) {
            guard let question = first(fields.question, in: row).flatMap({ texts($0).first }) else {
                throw .unusableRow(
                    place: "\(path), line \(line)",
                    reason: .unexpected(
                        path: fields.question.joined(separator: " or "), expected: "the question's text",
                        found: "no such field; the row has " + keys(of: row)),
                    advice: "Name the field of this benchmark, with --question-field at the command line.")
            }
            let options = first(fields.context, in: row)
            var answers = first(fields.answer, in: row).map(texts) ?? []
            if let chosen = chosenOption(of: row, options: options) { answers.append(chosen) }
            items.append(
                BenchmarkItem(
                    benchmark: name, line: line, question: question, answers: answers,
                    context: options.map { texts($0).joined(separator: "\n") } ?? ""))
        }
        return items
    }

    private static func rows(_ path: String) throws(SynthesisError) -> [(line: Int, row: JSONValue)] {
        let name = path.hasSuffix(".zst") ? String(path.dropLast(4)) : path
        if name.hasSuffix(".csv") { return try tableRows(path, .commas) }
        if name.hasSuffix(".tsv") { return try tableRows(path, .quotedTabs) }
        let bytes: [UInt8]
        do throws(StorageError) {
            let stored = try FileStore.read(path)
            bytes = path.hasSuffix(".zst") ? try Zstandard.decompress(stored) : stored
        } catch { throw .storage(error) }
        if name.hasSuffix(".json") {
            do throws(JSONError) {
                let whole = try JSONValue.parse(bytes)
                let list = whole.arrayValue ?? whole.objectValue?.members.map(\.value).compactMap(\.arrayValue).first
                guard let list else {
                    throw .unexpected(path: "", expected: "an array of rows, or an object with one", found: whole.kind)
                }
                return list.enumerated().map { ($0.offset + 1, $0.element) }
            } catch { throw .unusableRow(place: path, reason: error, advice: "Correct the file.") }
        }
        do throws(StorageError) {
            return try JSONLines.decode(bytes, path: path).enumerated().map { ($0.offset + 1, $0.element) }
        } catch { throw .storage(error) }
    }

    private static func tableRows(
        _ path: String, _ format: DelimitedReader.Format
    ) throws(SynthesisError) -> [(line: Int, row: JSONValue)] {
        do throws(KnowledgeError) {
            let table = try DelimitedReader(path: path, format: format)
            try table.select(table.header)
            var rows: [(line: Int, row: JSONValue)] = []
            while let read = try table.next() {
                var row = JSONObject()
                for (key, value) in zip(table.header, read.fields) { row[key] = .string(value) }
                rows.append((read.line, .object(row)))
            }
            return rows
        } catch { throw .knowledge(error) }
    }

    private static func first(_ names: [String], in row: JSONValue) -> JSONValue? {
        for name in names {
            let parts = name.split(separator: ".").map(String.init)
            let value = row[name] ?? parts.reduce(Optional(row)) { $0?[$1] }
            if let value, value != .null { return value }
        }
        return nil
    }

    /// The option that an `answer_idx` (a position from 0, or a key) names.
    private static func chosenOption(of row: JSONValue, options: JSONValue?) -> String? {
        guard let options, let index = row["answer_idx"] else { return nil }
        if let key = index.stringValue { return options[key]?.stringValue }
        guard let position = index.integerValue, let list = options.arrayValue, list.indices ~= position else {
            return nil
        }
        return list[position].stringValue
    }

    /// The strings in a value, in order.
    private static func texts(_ value: JSONValue) -> [String] {
        if let text = value.stringValue { return text.isEmpty ? [] : [text] }
        if let list = value.arrayValue { return list.flatMap(texts) }
        if let object = value.objectValue { return object.members.flatMap { texts($0.value) } }
        return value == .null ? [] : [value.text]
    }

    private static func keys(of row: JSONValue) -> String {
        row.objectValue.map { $0.members.map(\.key).joined(separator: ", ") } ?? row.kind
    }
}
