import Storage

/// An ontology in the OBO format, versions 1.2 and 1.4: its terms, `is_a` and `relationship` lines, exact synonyms and
/// cross-references.
///
/// Obsolete terms, synonyms that are not exact, and what terms are defined by (`intersection_of`) are left out. A parent
/// that the file does not define is named by the comment of its line.
struct OBOImporter {
    var source: String?
    var licence: String?

    /// The type of the terms of each vocabulary.
    private static let types: [String: String] = [
        "DOID": "disease", "MONDO": "disease", "ORDO": "disease", "HP": "phenotype", "SYMP": "symptom",
        "UBERON": "anatomy", "CL": "cell_or_tissue", "NCBITaxon": "organism", "CHEBI": "chemical",
        "TRANS": "transmission",
    ]
    private static let licences: [String: String] = [
        "DOID": "CC0-1.0", "MONDO": "CC-BY-4.0 (Mondo)", "UBERON": "CC-BY-3.0 (Uberon)",
        "CL": "CC-BY-4.0 (Cell Ontology)",
        "HP": "HPO licence (cite, state the version, do not alter)", "CHEBI": "CC-BY-4.0 (ChEBI)",
        "GO": "CC-BY-4.0 (Gene Ontology)",
    ]

    private struct Link { let head: EntityIndex, relation: String, tail: String, name: String?, line: Int }

    private struct Term {
        var line: Int
        var entity = Entity(id: "", name: "", type: "")
        var namespace = ""
        var links: [(relation: String, tail: String, name: String?, line: Int)] = []
        var isObsolete = false
    }

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let lines: LineReader
        do throws(StorageError) { lines = try LineReader(path: path) } catch { throw .storage(error) }
        var term: Term?
        var isTerm = false
        var links: [Link] = []
        let before = draft.report.records
        while let (text, number) = try nextLine(lines) {
            if text.hasPrefix("[") {
                if let term { try finish(term, path, &links, &draft) }
                isTerm = text == "[Term]"
                term = isTerm ? Term(line: number) : nil
            } else if isTerm, !text.isEmpty, !text.hasPrefix("!") {
                guard let colon = text.firstIndex(of: ":") else {
                    throw .malformedInput(
                        place: "\(path), line \(number)", found: "“\(text)”", expected: "a tag, a colon and a value")
                }
                let value = text[text.index(after: colon)...].drop { $0 == " " }
                try read(tag: text[..<colon], value, into: &term, &draft, path, number)
            }
        }
        if let term { try finish(term, path, &links, &draft) }
        guard draft.report.records > before else {
            throw .malformedInput(place: path, found: "no [Term]", expected: "an ontology in the OBO format")
        }
        for link in links { add(link, path, &draft) }
    }

    private func nextLine(_ lines: LineReader) throws(KnowledgeError) -> (String, Int)? {
        do throws(StorageError) {
            guard let line = try lines.next() else { return nil }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw .malformed(path: lines.path, problem: "line \(lines.number) is not UTF-8")
            }
            return (text, lines.number)
        } catch { throw .storage(error) }
    }

    private func read(
        tag: Substring, _ value: Substring, into term: inout Term?, _ draft: inout GraphDraft, _ path: String,
        _ number: Int
    ) throws(KnowledgeError) {
        switch tag {
        case "id": term?.entity.id = CrossReference.canonical(identifier(value))
        case "name": term?.entity.name = unescaped(withoutModifiers(value))
        case "namespace": term?.namespace = String(value)
        case "alt_id": term?.entity.crossReferences.append(CrossReference.canonical(identifier(value)))
        case "xref":
            let reference = identifier(value)
            if reference.contains(":") { term?.entity.crossReferences.append(CrossReference.canonical(reference)) }
        case "is_obsolete": term?.isObsolete = value.hasPrefix("true")
        case "synonym":
            guard let (text, scope) = synonym(value) else {
                throw .malformedInput(
                    place: "\(path), line \(number), tag synonym", found: "“\(value)”",
                    expected: "a text in quotation marks and EXACT, RELATED, BROAD or NARROW")
            }
            if scope == "EXACT" {
                term?.entity.synonyms.append(text)
            } else {
                draft.report.omit("synonyms that are not exact", "\(path), line \(number): \(text), \(scope)")
            }
        case "is_a":
            term?.links.append(("is_a", CrossReference.canonical(identifier(value)), comment(value), number))
        case "relationship":
            let words = value.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else {
                throw .malformedInput(
                    place: "\(path), line \(number), tag relationship", found: "“\(value)”",
                    expected: "a relation and the id of a term")
            }
            term?.links.append(
                (String(words[0]), CrossReference.canonical(identifier(words[1])), comment(value), number))
        default: break
        }
    }

    private func finish(
        _ term: Term, _ path: String, _ links: inout [Link], _ draft: inout GraphDraft
    ) throws(KnowledgeError) {
        draft.countRecord()
        guard !term.entity.id.isEmpty else {
            throw .malformedInput(
                place: "\(path), line \(term.line)", found: "a term without id", expected: "an id tag")
        }
        guard !term.isObsolete else {
            return draft.report.omit("terms that are obsolete", "\(path), line \(term.line): \(term.entity.id)")
        }
        guard !term.entity.name.isEmpty else {
            return draft.report.omit("terms without a name", "\(path), line \(term.line): \(term.entity.id)")
        }
        var entity = term.entity
        entity.type = type(of: entity.id, namespace: term.namespace)
        let head = draft.add(entity)
        for link in term.links {
            links.append(Link(head: head, relation: link.relation, tail: link.tail, name: link.name, line: link.line))
        }
    }

    private func type(of id: String, namespace: String) -> String {
        let vocabulary = CrossReference.vocabulary(of: id) ?? ""
        if let type = Self.types[vocabulary] { return type }
        return vocabulary == "GO" && !namespace.isEmpty ? namespace : "term"
    }

    private func add(_ link: Link, _ path: String, _ draft: inout GraphDraft) {
        let head = draft.entities[Int(link.head)]
        let tail: EntityIndex
        if let known = draft.index(id: link.tail) {
            tail = known
        } else if let name = link.name {
            tail = draft.add(Entity(id: link.tail, name: name, type: type(of: link.tail, namespace: head.type)))
        } else {
            return draft.report.omit(
                "links to terms that the file neither defines nor names", "\(path), line \(link.line): \(link.tail)")
        }
        let relation = draft.relation(link.relation, from: head.type, to: draft.entities[Int(tail)].type)
        let vocabulary = CrossReference.vocabulary(of: head.id) ?? ""
        draft.add(
            link.head, relation, tail,
            evidence: Evidence(
                source: source ?? vocabulary, licence: licence ?? Self.licences[vocabulary] ?? "not stated"))
    }

    // MARK: Values

    /// The value up to its first space.
    private func identifier(_ value: Substring) -> String { unescaped(value.prefix { $0 != " " }) }

    /// What stands behind ` ! `.
    private func comment(_ value: Substring) -> String? {
        guard let mark = value.firstRange(of: " ! ") else { return nil }
        let text = value[mark.upperBound...].drop { $0 == " " }
        return text.isEmpty ? nil : String(text)
    }

    /// The value without `{…}` at its end.
    private func withoutModifiers(_ value: Substring) -> Substring {
        guard value.hasSuffix("}"), let mark = value.ranges(of: " {").last else { return value }
        return value[..<mark.lowerBound]
    }

    private func synonym(_ value: Substring) -> (text: String, scope: Substring)? {
        guard value.first == "\"" else { return nil }
        var end = value.index(after: value.startIndex)
        while end < value.endIndex, value[end] != "\"" {
            if value[end] == "\\", value.index(after: end) < value.endIndex { end = value.index(after: end) }
            end = value.index(after: end)
        }
        guard end < value.endIndex else { return nil }
        let text = unescaped(value[value.index(after: value.startIndex)..<end])
        let scope = value[value.index(after: end)...].drop { $0 == " " }.prefix { $0 != " " }
        // Without a scope a synonym is related.
        return (text, scope.isEmpty || scope.hasPrefix("[") ? "RELATED" : scope)
    }

    private func unescaped(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
        var result = ""
        var isEscaped = false
        for character in text {
            if !isEscaped, character == "\\" {
                isEscaped = true
                continue
            }
            result.append(isEscaped && character == "n" ? " " : isEscaped && character == "W" ? " " : character)
            isEscaped = false
        }
        return result
    }
}
