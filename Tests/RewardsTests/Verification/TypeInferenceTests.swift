import Testing

@testable import Rewards

@Suite struct TypeInferenceTests {
    @Test(arguments: [
        ("Crohn's disease", AnswerType.text), ("vitamin B12", .text), ("HLA-B27", .text), ("COVID-19", .text),
        ("1990s", .text), ("30S", .text), ("1 in 2500", .text), ("17q21", .text), ("Ca^{2+}", .text), ("IV", .text),
        ("aspirin, clopidogrel", .text), ("twice daily", .text), ("CD4", .text), ("V600E", .text), ("2,3-BPG", .text),
        ("42", .integer), ("0.05", .number), ("1/3", .number), ("120/80", .text), ("355/113", .number),
        ("5%", .percent), ("yes", .boolean), ("(C)", .choice),
        ("500 mg", .quantity), ("12 g/dL", .quantity), ("37 °C", .quantity), ("120/80 mmHg", .quantity),
        ("150 x 10^9/L", .quantity), ("10 mg/kg/day", .quantity), ("4.5-11 x 10^9/L", .range), ("5-10 mg", .range),
        ("<140 mmHg", .range), ("≥65 years", .range), ("2021-03-04", .date), ("March 2021", .date),
        ("6 months", .duration), ("15 minutes", .duration), ("72 hours", .duration), ("5 W", .quantity),
        ("NCT01234567", .identifier), ("rs334", .identifier), ("p.V600E", .variant), (#"{"a": 1}"#, .json),
        (#"["fever", "cough"]"#, .list), (#"$\frac{1}{2}$"#, .latex), ("x^2+1", .latex), ("2^{10}", .latex),
    ])
    func `a gold's type is the one a clinician would read`(gold: String, type: AnswerType) {
        #expect(TypeInference.type(of: gold) == type)
    }
}
