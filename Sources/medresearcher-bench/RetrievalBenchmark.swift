import ArgumentParser
import Foundation
import Primitives
import Retrieval
import Storage

/// Quality and speed of the index on SciFact and MedQuAD, next to bm25s and tantivy in the same run.
struct RetrievalBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: "nDCG, recall, queries and documents per second on SciFact and MedQuAD, against bm25s and tantivy.",
        discussion: """
            SciFact: the 300 test claims over 5,183 abstracts. MedQuAD, known item: the question of a document over the \
            answers of all 16,407, without titles; the document itself is relevant. One configuration, the default, for \
            both. Rates are per second of processor time on one core: searches for the top 10 with the analysis of the \
            query; indexing from texts in memory to an index that can be searched (ours on disk and synchronised). \
            Qualities of all are computed here, from their ids.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "The directory with scifact and medquad.")
    var data = "../shared/data/retrieval"

    @Option(help: "The Python interpreter of the peers.")
    var python = "python3"

    private typealias Query = RelevanceJudgements.Query

    func run() throws {
        var report = BenchmarkReport(benchmark: "retrieval", workload: "\(data), λ 1, top 10 (recall: top 100)")
        let scifact = try documents("scifact/corpus.jsonl.zst")
        let judged = try RelevanceJudgements(
            queries: data + "/scifact/queries_test.jsonl", qrels: data + "/scifact/qrels_test.tsv")
        let training = try RelevanceJudgements(
            queries: data + "/scifact/queries_train.jsonl", qrels: data + "/scifact/qrels_train.tsv")
        try measure("SciFact", scifact, judged.queries, beside: ("train", training.queries), into: &report)

        let medquad = try documents("medquad/corpus.jsonl.zst")
        let titles = Dictionary(uniqueKeysWithValues: medquad.map { ($0.id, $0.title) })
        let known = try FileStore.readText(data + "/medquad/known_item_1000_ids.txt").split(separator: "\n")
            .map(String.init)
            .compactMap { id in titles[id].map { Query(id: id, text: $0, grades: [id: 1]) } }
        let answers = medquad.map { RetrievalDocument(id: $0.id, text: $0.text) }
        try measure("MedQuAD known item", answers, known, beside: nil, into: &report)
        report.notes.append("LiveQA is not measured: its judgements are there, but the text of its questions is not")
        report.show(asJSON: options.json)
    }

    private func documents(_ file: String) throws -> [RetrievalDocument] {
        let reader = try RetrievalDocumentReader(path: data + "/" + file)
        var documents: [RetrievalDocument] = []
        while let document = try reader.next() { documents.append(document) }
        return documents
    }

    private func measure(
        _ name: String, _ documents: [RetrievalDocument], _ queries: [Query],
        beside: (name: String, queries: [Query])?, into report: inout BenchmarkReport
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("medresearcher-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let seconds = try (0..<options.repetitions).map { number in
            try processorSeconds {
                let writer = try IndexWriter.create(directory: folder.path + "/\(number)")
                for document in documents { try writer.add(document) }
                try writer.commit()
            }
        }.median
        let index = try RetrievalIndex(directory: folder.path + "/0")
        let retriever = MedicalRetriever(index: index, ranking: .init(lambda: 1))
        let pass = { for query in queries { consume(index.search(query.text, limit: 10)) } }
        pass()
        let searching = (0..<options.repetitions).map { _ in processorSeconds(pass) }.median
        let rankings = queries.map { retriever.rankedIdentifiers($0.text, limit: 100) }
        var ours = Self.qualities(rankings, queries)
        ours.append(("queries/s", Double(queries.count) / searching))
        ours.append(("documents/s", Double(documents.count) / seconds))

        let peers = try peers(documents, queries, folder: folder, notes: &report.notes)
        for (measure, value) in ours {
            var measurement = Measurement(
                name: "\(name) \(measure)", value: value, unit: measure.hasSuffix("/s") ? measure : "")
            if peers.isEmpty { report.measurements.append(measurement) }
            for peer in peers {
                measurement.peer = peer.values[measure].map { Measurement.Peer(name: peer.name, value: $0) }
                report.measurements.append(measurement)
            }
        }
        let size = try FileStore.size(folder.path + "/0/000001.segment")
        report.notes.append(
            "\(name): \(documents.count) documents, \(queries.count) queries, index of \(size / 1_000_000) MB with the texts"
        )
        if let beside {
            let evaluation = RetrievalEvaluation(retriever, beside.queries)
            let means = evaluation.means.prefix(2).map { "\($0.name) \(String(format: "%.4f", $0.value))" }
            report.notes.append(
                "\(name), \(beside.name) queries (\(beside.queries.count)): \(means.joined(separator: ", "))")
        }
    }

    private static func qualities(_ rankings: [[String]], _ queries: [Query]) -> [(String, Double)] {
        func mean(_ measure: ([String], [String: Int]) -> Double) -> Double {
            zip(rankings, queries).reduce(0) { $0 + measure($1.0, $1.1.grades) } / Double(max(queries.count, 1))
        }
        return [
            ("nDCG@10", mean { RankingMetrics.ndcg($0, grades: $1, depth: 10) }),
            ("R@100", mean { RankingMetrics.recall($0, grades: $1, depth: 100) }),
        ]
    }

    private func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ProcessorTime.now
        try body()
        return ProcessorTime.now - start
    }

    private struct Peer {
        var name: String
        var values: [String: Double]
    }

    private func peers(
        _ documents: [RetrievalDocument], _ queries: [Query], folder: URL, notes: inout [String]
    ) throws -> [Peer] {
        let files = ["documents.jsonl", "queries.jsonl"].map { folder.appendingPathComponent($0).path }
        try FileStore.writeAtomically(
            JSONLines.encode(
                documents.map { ["id": .string($0.id), "title": .string($0.title), "text": .string($0.text)] }),
            to: files[0])
        try FileStore.writeAtomically(JSONLines.encode(queries.map { .string($0.text) }), to: files[1])
        var peers: [Peer] = []
        for name in RetrievalPeer.names {
            do {
                let output = try PythonPeer(interpreter: python).run(
                    RetrievalPeer.script,
                    input: [
                        "kind": .string(name), "documents": .string(files[0]), "queries": .string(files[1]),
                        "repetitions": .integer(options.repetitions),
                    ])
                let rankings = try output.array(at: "rankings").map { row in
                    row.arrayValue?.compactMap(\.stringValue) ?? []
                }
                var values = Dictionary(uniqueKeysWithValues: Self.qualities(rankings, queries))
                values["queries/s"] = try output.double(at: "queries")
                values["documents/s"] = try output.double(at: "documents")
                peers.append(Peer(name: name, values: values))
            } catch {
                notes.append("\(name) was not measured: \(error)")
            }
        }
        return peers
    }
}
