import Primitives

/// Makes the reader of an answer type from the fields of its policy.
enum AnswerReaders {
    /// - Parameter gold: the gold's text, where a type takes from it what the policy leaves open.
    /// - Throws: ``RewardError`` for a field that cannot have its value.
    static func reader(
        for type: AnswerType, gold: String, fields: inout PolicyFields
    ) throws(RewardError) -> any AnswerReader {
        switch type {
        case .entity, .text: TextReader(policy: try TextPolicy(&fields))
        case .number, .integer, .decimal, .percent:
            NumberReader(type: type, policy: try NumberPolicy(&fields, type: type))
        case .quantity: QuantityReader(policy: try QuantityPolicy(&fields))
        case .range: RangeReader(policy: try QuantityPolicy(&fields))
        case .date, .datetime: DateReader(policy: try DatePolicy(&fields), hasTime: type == .datetime)
        case .duration: DurationReader(policy: try DurationPolicy(&fields))
        case .identifier: IdentifierReader(policy: try IdentifierPolicy(&fields).resolved(gold: AnswerText(gold)))
        case .variant: VariantReader(policy: try VariantPolicy(&fields))
        case .gene: GeneReader(policy: try GenePolicy(&fields))
        case .drug: DrugReader(policy: try DrugPolicy(&fields))
        case .disease: DiseaseReader(policy: try DiseasePolicy(&fields))
        case .list, .multiset, .set: try collection(type, &fields)
        case .record: try record(&fields)
        case .boolean: BooleanReader(policy: try BooleanPolicy(&fields))
        case .choice: ChoiceReader(policy: try ChoicePolicy(&fields))
        case .json: JSONReader(policy: try JSONPolicy(&fields))
        case .latex: MathematicsReader(policy: try MathematicsPolicy(&fields))
        }
    }
}
