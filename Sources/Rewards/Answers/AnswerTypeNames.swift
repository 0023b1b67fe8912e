extension AnswerType {
    /// Other names under which data sets declare the types.
    init?(alias name: String) {
        switch name {
        case "string", "free_text", "str", "qa", "name": self = .text
        case "int": self = .integer
        case "float", "numeric", "rational", "fraction", "real", "scientific": self = .number
        case "percentage": self = .percent
        case "unit", "measurement", "dose", "quantity_unit": self = .quantity
        case "interval": self = .range
        case "bool", "yes_no": self = .boolean
        case "multiple_choice", "mcq", "letter", "option": self = .choice
        case "tuple", "array", "ordered_list": self = .list
        case "bag": self = .multiset
        case "unordered_list": self = .set
        case "hgvs": self = .variant
        case "gene_symbol": self = .gene
        case "drug_name", "medication": self = .drug
        case "disease_name", "diagnosis": self = .disease
        case "id", "code": self = .identifier
        case "key_value", "dictionary": self = .record
        case "math_latex", "mathematics", "expression", "equation": self = .latex
        case "timestamp": self = .datetime
        default: return nil
        }
    }
}
