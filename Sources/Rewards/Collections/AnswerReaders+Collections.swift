import Primitives

extension AnswerReaders {
    /// A list, multiset or set. `elements` declares the type of the elements, as a name, to which this policy's other
    /// fields apply, or as an object with `type` and a policy of its own; without it each is a number or a text.
    static func collection(
        _ type: AnswerType, _ fields: inout PolicyFields
    ) throws(RewardError) -> any AnswerReader {
        let policy = try CollectionPolicy(&fields)
        let kind: CollectionReader.Kind =
            switch type {
            case .set: .set
            case .multiset: .multiset
            default: .tuple
            }
        guard let declared = fields.json("elements") else {
            return CollectionReader(
                kind: kind, element: try PlainElementReader(), hasNumericElements: false, policy: policy)
        }
        let element = try ElementType(declared, field: "elements")
        return CollectionReader(
            kind: kind, element: try reader(of: element, &fields), hasNumericElements: element.type.isNumeric,
            policy: policy)
    }

    /// A record. `fields` declares the types of the values, as `elements` does; without it each is a number or a text.
    static func record(_ fields: inout PolicyFields) throws(RewardError) -> any AnswerReader {
        let policy = try RecordPolicy(&fields, makeReader: reader(of:_:))
        return RecordReader(policy: policy, value: try PlainElementReader())
    }

    private static func reader(
        of element: ElementType, _ outer: inout PolicyFields
    ) throws(RewardError) -> any AnswerReader {
        guard element.policy == nil, !element.type.isCollection else {
            var own = PolicyFields(element.policy ?? JSONObject())
            let reader = try Self.reader(for: element.type, gold: "", fields: &own)
            try own.finish()
            return reader
        }
        return try Self.reader(for: element.type, gold: "", fields: &outer)
    }
}

extension AnswerType {
    fileprivate var isNumeric: Bool {
        switch self {
        case .number, .integer, .decimal, .percent, .quantity: true
        default: false
        }
    }

    fileprivate var isCollection: Bool {
        switch self {
        case .list, .multiset, .set, .record: true
        default: false
        }
    }
}
