import Storage

/// The binary form of a graph in canonical order: a header, and sections of columns as little-endian numbers and UTF-8.
///
/// ```text
/// 0   "MRGRAPH\0"    8   version, 4 bytes   12   number of sections, 4 bytes
/// 16  SHA-256 of all bytes from 48 on
/// 48  sections: number 4 bytes, zero 4 bytes, length 8 bytes, content, zeros up to a multiple of 8
/// ```
/// Version 1 holds every section of ``Section`` once, in order.
struct GraphFile {
    static let magic = Array("MRGRAPH\0".utf8)
    static let version: UInt32 = 1
    static let headerSize = 48

    enum Section: UInt32, CaseIterable {
        case digest = 1
        /// As `relations.tsv`.
        case relations
        case idBytes, idOffsets, nameBytes, nameOffsets, namesOfEntity
        case crossReferenceBytes, crossReferenceOffsets, crossReferencesOfEntity
        case typeBytes, typeOffsets, typeOfEntity, specialtyBytes, specialtyOffsets, specialtyOfEntity, frequencies
        case heads, relationOfFact, tails, evidenceOffsets
        case provenanceBytes, provenanceOffsets, provenanceOfStatement
        case documentBytes, documentOffsets, documentOfStatement, spans
    }

    let path: String
    private let bytes: [UInt8]
    private var ranges: [Section: Range<Int>] = [:]

    // MARK: Writing

    static func bytes(of graph: KnowledgeGraph) -> [UInt8] {
        let (entities, triples) = (graph.entities, graph.triples)
        var body: [UInt8] = []
        func append(_ section: Section, _ content: UnsafeRawBufferPointer) {
            withUnsafeBytes(of: section.rawValue.littleEndian) { body += $0 }
            withUnsafeBytes(of: UInt32(0)) { body += $0 }
            withUnsafeBytes(of: UInt64(content.count).littleEndian) { body += $0 }
            body += content
            body += [UInt8](repeating: 0, count: (8 - content.count % 8) % 8)
        }
        func append<Number>(_ section: Section, _ numbers: [Number]) {
            numbers.withUnsafeBytes { append(section, $0) }
        }
        func append(_ texts: Section, _ offsets: Section, _ pool: TextPool) {
            append(texts, pool.bytes)
            append(offsets, pool.offsets)
        }
        append(.digest, Array(graph.digest.utf8))
        append(.relations, GraphTables(relations: graph.relations, entities: entities, triples: triples).relations)
        append(.idBytes, .idOffsets, entities.ids)
        append(.nameBytes, .nameOffsets, entities.names)
        append(.namesOfEntity, entities.nameOffsets)
        append(.crossReferenceBytes, .crossReferenceOffsets, entities.crossReferences)
        append(.crossReferencesOfEntity, entities.crossReferenceOffsets)
        append(.typeBytes, .typeOffsets, entities.types)
        append(.typeOfEntity, entities.typeNumbers)
        append(.specialtyBytes, .specialtyOffsets, entities.specialties)
        append(.specialtyOfEntity, entities.specialtyNumbers)
        append(.frequencies, entities.frequencies)
        append(.heads, triples.heads)
        append(.relationOfFact, triples.relations)
        append(.tails, triples.tails)
        append(.evidenceOffsets, triples.evidenceOffsets)
        append(.provenanceBytes, .provenanceOffsets, triples.provenances)
        append(.provenanceOfStatement, triples.provenanceNumbers)
        append(.documentBytes, .documentOffsets, triples.documents)
        append(.documentOfStatement, triples.documentNumbers)
        append(.spans, triples.spans)

        var hash = SHA256()
        body.withUnsafeBytes { hash.update($0) }
        var file = magic
        withUnsafeBytes(of: version.littleEndian) { file += $0 }
        withUnsafeBytes(of: UInt32(Section.allCases.count).littleEndian) { file += $0 }
        file += hash.finalize()
        file += body
        return file
    }

    // MARK: Reading

    /// Checks the header, the hash and the frame of the sections.
    init(bytes: [UInt8], path: String) throws(KnowledgeError) {
        self.path = path
        self.bytes = bytes
        guard bytes.count >= Self.headerSize, Array(bytes[..<8]) == Self.magic else {
            throw damaged("this is not a graph file of MedResearcher")
        }
        let version = number(at: 8, as: UInt32.self)
        guard version == Self.version else {
            throw damaged("the file has format version \(version), expected \(Self.version)")
        }
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[Self.headerSize...])) }
        guard hash.finalize() == Array(bytes[16..<48]) else {
            throw damaged("the content does not have the SHA-256 that the header records")
        }
        var position = Self.headerSize
        for section in Section.allCases {
            guard bytes.count - position >= 16, number(at: position, as: UInt32.self) == section.rawValue else {
                throw damaged("section \(section) is missing at byte \(position)")
            }
            let length = number(at: position + 8, as: UInt64.self)
            guard length <= UInt64(bytes.count - position - 16) else {
                throw damaged("section \(section) is longer than the file")
            }
            ranges[section] = position + 16..<position + 16 + Int(length)
            position += 16 + (Int(length) + 7) / 8 * 8
        }
        guard position == bytes.count else { throw damaged("there are bytes after the last section") }
    }

    func graph() throws(KnowledgeError) -> KnowledgeGraph {
        let relations = try GraphLoader.relations(bytes: bytes(.relations), path: path + ", section relations")
        try GraphValidator(relations: relations, entities: [], triples: []) { table, row in
            "\(path), section \(table.rawValue), line \(row + 2)"
        }.validate()
        let digest = String(decoding: bytes(.digest), as: UTF8.self)
        guard digest.utf8.count == 64 else { throw damaged("the digest has \(digest.utf8.count) digits, expected 64") }
        let columns = GraphColumns(path: path, relations: relations)
        return try columns.graph(
            entities: try columns.entities(
                ids: pool(.idBytes, .idOffsets), names: pool(.nameBytes, .nameOffsets),
                nameOffsets: try column(.namesOfEntity),
                crossReferences: pool(.crossReferenceBytes, .crossReferenceOffsets),
                crossReferenceOffsets: try column(.crossReferencesOfEntity), types: pool(.typeBytes, .typeOffsets),
                typeNumbers: try column(.typeOfEntity), specialties: pool(.specialtyBytes, .specialtyOffsets),
                specialtyNumbers: try column(.specialtyOfEntity), frequencies: try column(.frequencies)),
            triples: TripleList(
                heads: try column(.heads), relations: try column(.relationOfFact), tails: try column(.tails),
                evidenceOffsets: try column(.evidenceOffsets), provenanceNumbers: try column(.provenanceOfStatement),
                provenances: pool(.provenanceBytes, .provenanceOffsets),
                documentNumbers: try column(.documentOfStatement), documents: pool(.documentBytes, .documentOffsets),
                spans: try column(.spans)), digest: digest)
    }

    private func damaged(_ problem: String) -> KnowledgeError { .damagedFile(path: path, problem: problem) }

    private func number<Number: FixedWidthInteger>(at position: Int, as type: Number.Type) -> Number {
        bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: type)) }
    }

    private func bytes(_ section: Section) -> [UInt8] { Array(bytes[ranges[section] ?? 0..<0]) }

    /// The numbers of a section. Numbers are stored as this machine holds them: little-endian.
    private func column<Number: BitwiseCopyable>(_ section: Section) throws(KnowledgeError) -> [Number] {
        let range = ranges[section] ?? 0..<0
        let size = MemoryLayout<Number>.size
        guard range.count.isMultiple(of: size) else {
            throw damaged("section \(section) has \(range.count) bytes, expected a multiple of \(size)")
        }
        return bytes.withUnsafeBytes { source in
            [Number](unsafeUninitializedCapacity: range.count / size) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
                count = range.count / size
            }
        }
    }

    private func pool(_ texts: Section, _ offsets: Section) throws(KnowledgeError) -> TextPool {
        guard let pool = TextPool(bytes: bytes(texts), offsets: try column(offsets)) else {
            throw damaged("sections \(texts) and \(offsets) hold no UTF-8 texts")
        }
        return pool
    }
}
