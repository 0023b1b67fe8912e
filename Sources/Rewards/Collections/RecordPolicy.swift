import Primitives

/// Which keys a record has, and of which types their values are.
struct RecordPolicy: Sendable {
    enum ExtraKeys: String, Sendable, Hashable, CaseIterable {
        /// A key that `fields` does not name is no part of an answer.
        case refuse
        /// It is read over.
        case ignore
    }

    struct Field: Sendable {
        /// Folded.
        var key: [UInt8]
        var reader: any AnswerReader
    }

    /// Sorted by key; empty where the policy declares none and every key is a part of the record.
    var fields: [Field]
    /// `extra_keys`.
    var extraKeys = ExtraKeys.refuse

    /// - Parameter makeReader: The reader of a type, which may take fields of this policy.
    init(
        _ policy: inout PolicyFields,
        makeReader: (ElementType, inout PolicyFields) throws(RewardError) -> any AnswerReader
    ) throws(RewardError) {
        extraKeys = try policy.choice("extra_keys", default: .refuse)
        fields = []
        let declared = policy.json("fields")
        if let declared {
            guard case .object(let table) = declared, !table.isEmpty else {
                throw .invalidPolicy(
                    field: "fields", found: declared.text, expected: "an object from keys to types")
            }
            for (key, type) in table.members {
                let folded = RecordSplitter.folded(Array(key.utf8))
                guard !folded.isEmpty, !fields.contains(where: { $0.key == folded }) else {
                    throw .invalidPolicy(field: "fields", found: key, expected: "keys that differ")
                }
                let element = try ElementType(type, field: "fields." + key)
                fields.append(Field(key: folded, reader: try makeReader(element, &policy)))
            }
            fields.sort { $0.key.lexicographicallyPrecedes($1.key) }
        } else if extraKeys == .ignore {
            throw .invalidPolicy(field: "extra_keys", found: "ignore", expected: "`fields`, which say what is extra")
        }
    }

    init(fields: [String: any AnswerReader] = [:], extraKeys: ExtraKeys = .refuse) {
        self.fields = fields.map { Field(key: RecordSplitter.folded(Array($0.key.utf8)), reader: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        self.extraKeys = extraKeys
    }
}
