extension EnglishPhrasebook {
    /// From tail to head.
    static let inverse: [String: StepPhrases] = [
        "allergic_trigger": StepPhrases(
            predicates: ["is triggered by {x}"],
            nounPhrases: ["allergy triggered by {x}", "disease triggered by {x}"],
            questions: ["Which disease is triggered by {x}?"],
            statements: ["{new} is triggered by {x}."]),
        "caused_by_organism": StepPhrases(
            predicates: ["is caused by {x}", "results from infection with {x}"],
            nounPhrases: ["disease caused by {x}", "infection caused by {x}"],
            questions: ["Which disease is caused by {x}?", "Which disease results from infection with {x}?"],
            statements: ["{new} is caused by {x}.", "Infection with {x} leads to {new}."]),
        "caused_by_variant_in": StepPhrases(
            predicates: ["is caused by variants in {x}", "results from mutations in {x}"],
            nounPhrases: ["disease caused by variants in {x}", "disease due to mutations in {x}"],
            questions: ["Which disease is caused by variants in {x}?", "Which disease results from mutations in {x}?"],
            statements: ["Variants in {x} cause {new}.", "Mutations in {x} lead to {new}."]),
        "derives_from": StepPhrases(
            predicates: ["arises from {x}", "originates in {x}"],
            nounPhrases: ["disease arising from {x}", "disease that originates in {x}"],
            questions: ["Which disease arises from {x}?", "Which disease originates in {x}?"],
            statements: ["{x} can give rise to {new}."]),
        "driven_by": StepPhrases(
            predicates: ["is driven by {x}"],
            nounPhrases: ["disease driven by {x}"],
            questions: ["Which disease is driven by {x}?"],
            statements: ["{new} is driven by {x}."]),
        "has_feature": StepPhrases(
            label: "underlying disease", predicates: ["features {x}", "has {x} as one of its features"],
            nounPhrases: ["disease that features {x}"],
            questions: ["Which disease features {x}?", "Of which disease is {x} a feature?"],
            statements: ["{x} is a feature of {new}."]),
        "has_phenotype": StepPhrases(
            predicates: ["shows {x}", "is characterized by {x}"],
            nounPhrases: ["disease characterized by {x}", "disease that shows {x}"],
            questions: ["Which disease is characterized by {x}?", "Which disease shows {x}?"],
            statements: ["{new} shows {x}.", "{new} is characterized by {x}."]),
        "has_symptom": StepPhrases(
            predicates: ["presents with {x}", "has {x} among its symptoms"],
            nounPhrases: ["disease that presents with {x}"],
            questions: ["Which disease presents with {x}?", "Which disease has {x} among its symptoms?"],
            statements: ["{new} presents with {x}.", "{new} has {x} among its symptoms."]),
        "indicated_for": StepPhrases(
            predicates: ["is used to treat {x}", "is indicated for {x}", "treats {x}"],
            nounPhrases: ["drug used to treat {x}", "drug indicated for {x}", "drug that treats {x}"],
            questions: ["Which drug is used to treat {x}?", "Which drug is indicated for {x}?"],
            statements: ["{x} is treated with {new}."]),
        "inheritance": StepPhrases(
            predicates: ["shows {x}"],
            nounPhrases: ["disease with {x}", "disease that shows {x}"],
            questions: ["Which disease shows {x}?"],
            statements: ["{new} shows {x}."]),
        "is_a": StepPhrases(
            label: "subtype", predicates: ["is a direct subtype of {x}", "falls directly under {x}"],
            nounPhrases: ["direct subtype of {x}", "disease that falls directly under {x}"],
            questions: [
                "Which disease is a direct subtype of {x}?", "Which disease falls directly under {x}?",
            ],
            statements: ["{x} has {new}.", "{x} includes {new}."]),
        "located_at": StepPhrases(
            predicates: ["is located at {x}", "maps to {x}"],
            nounPhrases: ["gene located at {x}", "gene that maps to {x}"],
            questions: ["Which gene is located at {x}?", "Which gene maps to {x}?"],
            statements: ["{x} harbors {new}."]),
        "located_in": StepPhrases(
            predicates: ["affects {x}"],
            nounPhrases: ["disease affecting {x}", "disease that affects {x}"],
            questions: ["Which disease affects {x}?"],
            statements: ["{x} can be affected by {new}."]),
        "mechanism_of_action": StepPhrases(
            predicates: ["works by {x}"],
            namedPredicates: ["acts as {a x}"],
            nounPhrases: [],
            questions: ["Which drug works by {x}?"],
            statements: ["{new} works by {x}."]),
        "on_chromosome": StepPhrases(
            predicates: ["lies on {x}", "is located on {x}"],
            nounPhrases: ["gene on {x}", "gene located on {x}"],
            questions: ["Which gene lies on {x}?"],
            statements: ["{x} carries {new}."]),
        "onset": StepPhrases(
            predicates: ["has {x}"],
            nounPhrases: ["disease with {x}"],
            questions: ["Which disease has {x}?"],
            statements: ["{new} has {x}."]),
        "pharmacologic_class": StepPhrases(
            predicates: ["belongs to {x}"],
            namedPredicates: ["is {a x}", "is classed as {a x}"],
            nounPhrases: ["drug that belongs to {x}"],
            questions: ["Which drug belongs to {x}?"],
            statements: ["{x} includes {new}."]),
        "susceptibility_factor": StepPhrases(
            predicates: ["is linked to {x}", "has {x} as a susceptibility factor"],
            nounPhrases: ["disease linked to {x}"],
            questions: ["Which disease is linked to {x}?"],
            statements: ["{x} predisposes to {new}."]),
        "targets": StepPhrases(
            predicates: ["targets {x}"],
            nounPhrases: ["drug that targets {x}", "drug targeting {x}"],
            questions: ["Which drug targets {x}?"],
            statements: ["{x} is targeted by {new}.", "{x} encodes a target of {new}."]),
        "transmitted_by": StepPhrases(
            predicates: ["is spread by {x}", "is transmitted by {x}"],
            nounPhrases: ["disease spread by {x}", "disease transmitted by {x}"],
            questions: ["Which disease is spread by {x}?", "Which disease is transmitted by {x}?"],
            statements: ["{new} is spread by {x}.", "{new} is transmitted by {x}."]),
    ]
}
