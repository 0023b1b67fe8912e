import Primitives
import Testing

@testable import Rewards

/// How models write clinical answers, and what must not pass for them.
@Suite struct ClinicalAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: AnswerType
        var gold: String
        var right: [String]
        var wrong: [String]
        var policy: JSONObject = [:]

        init(
            _ type: AnswerType, _ gold: String, right: [String], wrong: [String], policy: JSONObject = [:]
        ) {
            (self.type, self.gold, self.right, self.wrong, self.policy) = (type, gold, right, wrong, policy)
        }

        var testDescription: String { "\(type.rawValue) \(gold)" }
    }

    @Test(arguments: quantities + ranges + times + names + others)
    func `clinical spellings are right and near misses are not`(item: Case) throws {
        let gold = Gold(type: item.type, value: item.gold, policy: item.policy)
        let prepared = try PreparedGold(gold, answerIn: "whole")
        for answer in item.right {
            let report = AnswerVerifier().grade(answer, against: prepared)
            #expect(report.verdict == .correct, "\(answer): \(report.problem ?? report.canonicalAnswer ?? "")")
        }
        for answer in item.wrong {
            let report = AnswerVerifier().grade(answer, against: prepared)
            #expect(report.verdict != .correct, "\(answer): \(report.canonicalAnswer ?? "")")
        }
    }

    @Test func `every common unit is in the table, with the meaning that the rules give it`() throws {
        #expect(CommonUnits.table.values.count == CommonUnits.spellings.count)
        for spelling in CommonUnits.spellings {
            var work = Work()
            let bytes = Array(spelling.utf8)
            let meaning = try UnitReader.readAny(bytes, 0..<bytes.count, work: &work)
            #expect(CommonUnits.table.find(spelling) == meaning, "\(spelling)")
        }
    }

    static let quantities = [
        Case(
            .quantity, "500 mg",
            right: ["0.5 g", "500000 µg", "**500 mg**", "`500 mg`", "500 MG", "500 mg (0.5 g)"],
            wrong: [
                "500 mcg", "500 mg (5 g)", "500 mg (501 mg)", "500 mg daily", "500 mg or 1 g", "**500 mg** or **1 g**",
            ]
        ),
        Case(
            .quantity, "350 kg", right: ["350 kg (772 lb)", "350 kg (350,000 g)"],
            wrong: ["350 kg (800 lb)", "350 kg (72 lb)", "350 kg (350)", "350 kg (770 lb)", "350 kg (0 lb)"]),
        Case(.quantity, "1 kg", right: ["1000 g (1 kg)"], wrong: ["1000 g2", "1000 g (2 kg)"]),
        Case(
            .quantity, "150 x 10^9/L", right: ["150 G/L", "150,000/mcL", "150 K/µL", "150×10⁹/L"],
            wrong: ["150 T/L", "150 G", "150 M/µL"]),
        Case(
            .quantity, "10 mg/kg/day", right: ["10 mg/kg daily", "10 mg/kg per day"],
            wrong: ["10 mg/kg weekly", "10 mg daily", "10 mg/kg", "10 mg/kg/dose"]),
        Case(
            .quantity, "120/80 mmHg", right: ["120 / 80 mmHg", "120 over 80 mmHg"],
            wrong: ["80/120 mmHg", "120 over 90 mmHg", "1.5 mmHg"]),
        Case(
            .quantity, "2 tablets", right: ["two tablets", "2 tabs"],
            wrong: ["2 capsules", "2", "3 tablets", "2 doses"]),
        Case(.quantity, "15 cmH2O", right: ["15 cmH₂O", "15 cm H₂O"], wrong: ["15 mmH₂O"]),
        Case(.quantity, "50 µmol/L", right: ["50 micromol/L", "50 μM"], wrong: ["50 mmol/L", "50 nmol/L"]),
        Case(.quantity, "70 kg", right: ["70 kilos"], wrong: ["70 kilometres", "70 g"]),
        Case(
            .quantity, "18 months", right: ["18 months old", "18 months of age", "18-month-old"],
            wrong: ["18 kg old", "18 old", "18 weeks old"]),
        Case(
            .number, "-3.5", right: ["minus 3.5", "negative 3.5", "$-3.5$", "*-3.5*"],
            wrong: ["minus -3.5", "3.5", "minus 3.5 or 3.5", "$-3.5", "minus"]),
        Case(.percent, "35%", right: ["thirty-five percent"], wrong: ["thirty-five", "thirty percent"]),
    ]

    static let ranges = [
        Case(
            .range, "≥ 65 years",
            right: [
                "65+ years", "≥ 65 years old", "65 years of age or older", "aged 65 years or older", "age ≥65 years",
                "aged 65 years and over",
            ],
            wrong: ["> 65 years", "65 years old", "aged 65 years", "≥ 65 kg", "65 + years", "over 65 years of age"]),
        Case(
            .range, "18–64 years", right: ["aged 18-64 years", "18 to 64 years of age", "ages 18 to 64 years"],
            wrong: ["aged 18-65 years", "aged 18–64 kg", "18–64"]),
        Case(
            .range, "5 to 10 million",
            right: ["5-10 million", "5 million to 10 million", "5,000,000-10,000,000", "five to ten million"],
            wrong: ["5 to 10,000,000", "5 to 10", "5 to 10 billion", "5 thousand to 10 million"]),
        Case(
            .range, "500,000 to 1 million", right: ["500,000-1,000,000", "0.5 million to 1 million"],
            wrong: ["500,000 million to 1 million", "0.5 to 1"]),
    ]

    static let times = [
        Case(
            .duration, "18 months",
            right: ["18-month-old", "18 months old", "18 months of age", "1½ years", "1 1/2 years"],
            wrong: ["18-week-old", "18-month-older", "old", "1 1/3 years"]),
        Case(
            .duration, "30 minutes", right: ["a half hour", "half hour", "1/2 hour", "½ hour", "30 minutes."],
            wrong: ["an hour and a half", "1/3 hour", "1/0 hour", "half", "a half"]),
        Case(
            .date, "1998", right: ["in 1998", "the year 1998", "**1998**"],
            wrong: ["98", "in 98", "year", "1 in 1998", "1998 in"]),
        Case(.date, "2021-03-04", right: ["in March 4, 2021"], wrong: ["March in 4, 2021", "in 2021"]),
    ]

    static let names = [
        Case(
            .drug, "trimethoprim-sulfamethoxazole", right: ["co-trimoxazole", "Cotrimoxazole", "**co-trimoxazole**"],
            wrong: ["co-amoxiclav", "trimethoprim", "trimoxazole"]),
        Case(
            .drug, "amoxicillin/clavulanate", right: ["co-amoxiclav", "amoxicillin and clavulanic acid"],
            wrong: ["amoxicillin", "clavulanic acid"]),
        Case(.drug, "epinephrine", right: ["Adrenalin", "adrenaline"], wrong: ["norepinephrine"]),
        Case(
            .disease, "type 2 diabetes mellitus", right: ["diabetes mellitus (type 2)", "diabetes mellitus (type II)"],
            wrong: ["diabetes mellitus (type 1)", "diabetes mellitus (2)", "diabetes mellitus"]),
        Case(
            .gene, "BRCA1", right: ["*BRCA1*", "_BRCA1_", "**BRCA1**", "`BRCA1`"],
            wrong: ["*BRCA1", "*BRCA2*", "*BRCA1* *BRCA2*"]),
        Case(
            .text, "CD4+ T cells", right: ["CD4⁺ T cells", "**CD4+ T cells**"], wrong: ["CD4⁻ T cells", "CD4 T cells"]),
        Case(.text, "10⁵", right: ["10⁵"], wrong: ["105", "10⁻⁵"]),
        Case(.text, "**a**", right: ["**a**"], wrong: ["a"], policy: ["punctuation": "keep"]),
        Case(.text, "*1/*2", right: ["*1/*2"], wrong: ["1/2", "*1/*3"]),
    ]

    static let others = [
        Case(
            .set, "fever; cough; rash",
            right: [
                "1) fever 2) cough 3) rash", "(1) fever, (2) cough, and (3) rash", "1) fever, 2) cough, 3) rash",
                "1. fever; 2. cough; 3. rash", "1) fever and 2) cough and 3) rash",
            ],
            wrong: [
                "1) fever 2) cough", "1) fever 3) cough 2) rash", "2) fever 3) cough 4) rash", "1) fever 2) 3) rash",
            ]),
        Case(
            .record, "drug: aspirin; dose: 81 mg",
            right: ["**Drug:** aspirin\n**Dose:** 81 mg", "**Drug**: aspirin; **Dose**: 81 mg"],
            wrong: ["**Drug:** aspirin", "**Drug:** aspirin\n**Dose:** 82 mg"]),
        Case(
            .identifier, "NCT01234567", right: ["NCT01234567.", "`NCT01234567`"],
            wrong: ["NCT01234568.", "NCT0123456."]),
        Case(
            .identifier, "CHEMBL25", right: ["ChEMBL ID: CHEMBL25", "CHEMBL:CHEMBL25"], wrong: ["ChEMBL ID: CHEMBL26"]),
        Case(
            .identifier, "P38398", right: ["https://www.uniprot.org/uniprotkb/P38398/entry"],
            wrong: ["https://www.uniprot.org/uniprotkb/P38399/entry"], policy: ["scheme": "uniprot"]),
        Case(
            .identifier, "D003920", right: ["https://meshb.nlm.nih.gov/record/ui?ui=D003920"],
            wrong: ["https://meshb.nlm.nih.gov/record/ui?ui=D003921"], policy: ["scheme": "mesh"]),
        Case(.variant, "c.4375C>T", right: ["c.4375C>T.", "`c.4375C>T`"], wrong: ["c.4375C>A.", "c.4375C>T.."]),
    ]
}
