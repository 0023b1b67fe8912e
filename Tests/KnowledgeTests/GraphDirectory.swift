import Foundation

/// A graph directory in the temporary folder whose files a test may change; removed with the value.
final class GraphDirectory {
    let path: String

    static let relations = """
        name\tinverse_name\tdomain\trange\ttransitive\tfunctional\tacyclic\tsentence\tinverse_sentence\tphrase\tinverse_phrase
        caused_by\tcauses\tdisease\tgene\tno\tno\tno\t{subject} from {object}.\t{subject} makes {object}.\tgene of {x}\tsick by {x}
        is_a\thas_subtype\tdisease\tdisease\tyes\tno\tyes\t{subject} is {object}.\t{subject} has {object}.\tgroup of {x}\tkind of {x}
        main_gene\tmain_gene_of\tdisease\tgene\tno\tyes\tno\t{subject} m {object}.\t{subject} n {object}.\tmain of {x}\tmained by {x}

        """
    static let entities = """
        id\tname\ttype\tspecialty\tsynonyms\tcross_references
        d:a\tAlpha\tdisease\tNeurology\tfirst|1st\tM:1
        d:b\tBeta\tdisease\t\t\t
        d:c\tGamma\tdisease\t\t\t
        g:1\tGEN1\tgene\t\t\t
        g:2\tGEN2\tgene\t\t\t

        """
    static let triples = """
        head\trelation\ttail\tsource\tlicence
        d:a\tcaused_by\tg:1\ttest\tCC0-1.0
        d:a\tis_a\td:b\ttest\tCC0-1.0
        d:b\tis_a\td:c\ttest\tCC0-1.0

        """

    init(
        relations: String = GraphDirectory.relations, entities: String = GraphDirectory.entities,
        triples: String = GraphDirectory.triples
    ) throws {
        path = NSTemporaryDirectory() + "knowledge-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in [("relations", relations), ("entities", entities), ("triples", triples)] {
            try write(text, to: name + ".tsv")
        }
    }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + file))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
