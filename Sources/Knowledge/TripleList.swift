/// The facts of a graph in compact columns; an element is put together when it is read.
///
/// Invariant: `evidenceOffsets` is empty where every fact has exactly one statement, and a document or span column is
/// empty where no statement has one.
public struct TripleList: Sendable, RandomAccessCollection, Equatable {
    let heads: [EntityIndex]
    let relations: [RelationIndex]
    let tails: [EntityIndex]
    /// The statements of fact `i` are `evidenceOffsets[i]..<evidenceOffsets[i + 1]`.
    let evidenceOffsets: [Int32]
    /// A statement's source is text `2 * n` of `provenances`, its licence text `2 * n + 1`.
    let provenanceNumbers: [Int32]
    let provenances: TextPool
    /// -1 for a statement without a document.
    let documentNumbers: [Int32]
    let documents: TextPool
    /// Two for each statement: begin and end, -1 for none.
    let spans: [Int32]
    /// Whether facts ascend by head, relation and tail.
    private let isOrdered: Bool

    public var startIndex: Int { 0 }
    public var endIndex: Int { heads.count }

    /// The bytes of a source and a licence.
    private struct Provenance: Hashable { let source: [UInt8], licence: [UInt8] }

    init(_ triples: some Collection<Triple>) {
        var (heads, relations, tails): ([EntityIndex], [RelationIndex], [EntityIndex]) = ([], [], [])
        var (evidenceOffsets, provenanceNumbers): ([Int32], [Int32]) = ([0], [])
        var provenances = TextPool()
        var known: [Provenance: Int32] = [:]
        var documents = TextInterner()
        var (documentNumbers, spans): ([Int32], [Int32]) = ([], [])
        for triple in triples {
            heads.append(triple.head)
            relations.append(triple.relation)
            tails.append(triple.tail)
            for evidence in CollectionOfOne(triple.mainEvidence) + triple.furtherEvidence {
                let provenance = Provenance(
                    source: Array(evidence.source.utf8), licence: Array(evidence.licence.utf8))
                if let number = known[provenance] {
                    provenanceNumbers.append(number)
                } else {
                    let number = Int32(provenances.count / 2)
                    known[provenance] = number
                    provenances.append(evidence.source)
                    provenances.append(evidence.licence)
                    provenanceNumbers.append(number)
                }
                documentNumbers.append(evidence.document.map { documents.number(of: $0) } ?? -1)
                spans.append(evidence.span.map { Int32(clamping: $0.lowerBound) } ?? -1)
                spans.append(evidence.span.map { Int32(clamping: $0.upperBound) } ?? -1)
            }
            evidenceOffsets.append(Int32(provenanceNumbers.count))
        }
        self.init(
            heads: heads, relations: relations, tails: tails,
            evidenceOffsets: provenanceNumbers.count == heads.count ? [] : evidenceOffsets,
            provenanceNumbers: provenanceNumbers, provenances: provenances,
            documentNumbers: documents.pool.count == 0 ? [] : documentNumbers, documents: documents.pool,
            spans: spans.allSatisfy { $0 < 0 } ? [] : spans)
    }

    /// Takes columns as they are.
    init(
        heads: [EntityIndex], relations: [RelationIndex], tails: [EntityIndex], evidenceOffsets: [Int32],
        provenanceNumbers: [Int32], provenances: TextPool, documentNumbers: [Int32], documents: TextPool,
        spans: [Int32]
    ) {
        self.heads = heads
        self.relations = relations
        self.tails = tails
        self.evidenceOffsets = evidenceOffsets
        self.provenanceNumbers = provenanceNumbers
        self.provenances = provenances
        self.documentNumbers = documentNumbers
        self.documents = documents
        self.spans = spans
        isOrdered = heads.indices.dropFirst().allSatisfy { fact in
            (heads[fact - 1], relations[fact - 1], tails[fact - 1]) < (heads[fact], relations[fact], tails[fact])
        }
    }

    public subscript(position: Int) -> Triple {
        let statements = statements(position)
        return Triple(
            head: heads[position], relation: relations[position], tail: tails[position],
            evidence: evidence(statements.lowerBound),
            furtherEvidence: statements.count == 1 ? [] : statements.dropFirst().map(evidence))
    }

    /// Whether any statement names its document.
    var namesDocuments: Bool { !documentNumbers.isEmpty }

    /// Whether only the five columns of a plain `triples.tsv` are needed.
    var isPlain: Bool { evidenceOffsets.isEmpty && !namesDocuments }

    func statements(_ position: Int) -> Range<Int> {
        evidenceOffsets.isEmpty
            ? position..<position + 1 : Int(evidenceOffsets[position])..<Int(evidenceOffsets[position + 1])
    }

    func evidence(_ statement: Int) -> Evidence {
        let provenance = Int(provenanceNumbers[statement])
        let document = documentNumbers.isEmpty ? -1 : documentNumbers[statement]
        let hasSpan = !spans.isEmpty && spans[2 * statement] >= 0
        return Evidence(
            source: provenances[2 * provenance], licence: provenances[2 * provenance + 1],
            document: document < 0 ? nil : documents[Int(document)],
            span: hasSpan ? Int(spans[2 * statement])..<Int(spans[2 * statement + 1]) : nil)
    }

    /// The place of a fact, by binary search where the facts stand in order.
    func position(of fact: Fact) -> Int? {
        if isOrdered {
            let key = (fact.head, fact.relation, fact.tail)
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if (heads[middle], relations[middle], tails[middle]) < key { low = middle + 1 } else { high = middle }
            }
            return low < count && (heads[low], relations[low], tails[low]) == key ? low : nil
        }
        return heads.indices.first {
            heads[$0] == fact.head && relations[$0] == fact.relation && tails[$0] == fact.tail
        }
    }

    public static func == (left: TripleList, right: TripleList) -> Bool { left.elementsEqual(right) }
}
