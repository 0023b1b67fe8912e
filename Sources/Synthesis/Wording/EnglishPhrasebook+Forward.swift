extension EnglishPhrasebook {
    /// From head to tail.
    static let forward: [String: StepPhrases] = [
        "allergic_trigger": StepPhrases(
            predicates: ["triggers {x}", "is the trigger of {x}"],
            nounPhrases: ["allergen that triggers {x}", "trigger of {x}"],
            questions: ["Which allergen triggers {x}?", "What is the trigger of {x}?"],
            statements: ["{x} is triggered by {new}."]),
        "caused_by_organism": StepPhrases(
            predicates: ["causes {x}", "is the causative agent of {x}"],
            nounPhrases: ["organism that causes {x}", "organism responsible for {x}"],
            questions: ["Which organism causes {x}?", "What is the causative organism of {x}?"],
            statements: ["{x} is caused by {new}.", "The organism behind {x} is {new}."]),
        "caused_by_variant_in": StepPhrases(
            predicates: ["is mutated in {x}", "carries the variants that cause {x}"],
            nounPhrases: ["gene mutated in {x}", "gene whose variants cause {x}", "gene responsible for {x}"],
            questions: [
                "Variants in which gene cause {x}?", "Which gene is mutated in {x}?",
                "Mutations in which gene give rise to {x}?",
            ],
            statements: ["{x} is caused by variants in {new}.", "{x} results from mutations in {new}."]),
        "derives_from": StepPhrases(
            predicates: ["gives rise to {x}"],
            nounPhrases: ["cell or tissue of origin of {x}", "cell or tissue that gives rise to {x}"],
            questions: ["Which cell or tissue gives rise to {x}?", "What is the cell or tissue of origin of {x}?"],
            statements: ["{x} originates in {new}."]),
        "driven_by": StepPhrases(
            predicates: ["drives {x}", "is a driver of {x}"],
            nounPhrases: ["driver of {x}", "agent that drives {x}"],
            questions: ["Which agent drives {x}?", "What is the driver of {x}?"],
            statements: ["{x} is driven by {new}."]),
        "has_feature": StepPhrases(
            label: "accompanying disease", predicates: ["occurs as a feature of {x}", "is a feature of {x}"],
            nounPhrases: ["disease that occurs as a feature of {x}"],
            questions: ["Which disease occurs as a feature of {x}?", "Which disease is a feature of {x}?"],
            statements: ["{x} features {new}.", "One of the features of {x} is {new}."]),
        "has_phenotype": StepPhrases(
            predicates: ["is seen in {x}", "is a phenotype of {x}"],
            nounPhrases: ["phenotype of {x}", "phenotype seen in {x}"],
            questions: ["Which phenotype is seen in {x}?", "Which phenotype characterizes {x}?"],
            statements: ["{x} shows {new}.", "{x} is characterized by {new}."]),
        "has_symptom": StepPhrases(
            predicates: ["is a symptom of {x}", "occurs in {x}"],
            nounPhrases: ["symptom of {x}", "symptom seen in {x}"],
            questions: ["Which symptom is typical of {x}?", "Which symptom occurs in {x}?"],
            statements: ["{x} presents with {new}.", "Patients with {x} suffer from {new}."]),
        "indicated_for": StepPhrases(
            predicates: ["is treated with {x}", "is an indication for {x}"],
            nounPhrases: ["disease treated with {x}", "disease for which {x} is indicated"],
            questions: [
                "Which disease is treated with {x}?", "For which disease is {x} indicated?",
                "Which disease is {x} used to treat?",
            ],
            statements: ["{x} is used to treat {new}.", "{x} is indicated for {new}."]),
        "inheritance": StepPhrases(
            predicates: ["is the mode of inheritance of {x}"],
            nounPhrases: ["mode of inheritance of {x}"],
            questions: ["What is the mode of inheritance of {x}?", "How is {x} inherited?"],
            statements: ["{x} follows {new}."]),
        "is_a": StepPhrases(
            label: "disease category",
            predicates: ["directly includes {x}", "has {x} as a direct subtype"],
            nounPhrases: ["parent category of {x}", "disease category that directly includes {x}"],
            questions: [
                "Of which disease category is {x} a direct subtype?", "Which disease category directly includes {x}?",
                "Under which disease category does {x} fall directly?",
            ],
            statements: ["{x} is a direct subtype of {new}.", "{x} falls directly under {new}."]),
        "located_at": StepPhrases(
            predicates: ["harbors {x}", "is the location of {x}"],
            nounPhrases: ["cytoband of {x}", "cytoband that harbors {x}"],
            questions: [
                "At which cytoband is {x} located?", "Which cytoband harbors {x}?", "To which cytoband does {x} map?",
                "What is the cytoband of {x}?",
            ],
            statements: ["{x} is located at {new}.", "{x} maps to {new}."]),
        "located_in": StepPhrases(
            predicates: ["is affected by {x}", "is the site of {x}"],
            nounPhrases: ["body part affected by {x}", "site of {x}"],
            questions: [
                "Which body part is affected by {x}?", "Which body part does {x} affect?", "What is the site of {x}?",
            ],
            statements: ["{x} affects {new}."]),
        "mechanism_of_action": StepPhrases(
            predicates: ["is a mechanism of action of {x}", "underlies the action of {x}"],
            nounPhrases: ["mechanism of action of {x}"],
            questions: ["What is the mechanism of action of {x}?", "Which mechanism underlies the action of {x}?"],
            statements: ["{x} works by {new}."]),
        "on_chromosome": StepPhrases(
            predicates: ["carries {x}"],
            nounPhrases: ["chromosome of {x}", "chromosome that carries {x}"],
            questions: ["Which chromosome carries {x}?", "On which chromosome is {x} located?"],
            statements: ["{x} lies on {new}."]),
        "onset": StepPhrases(
            predicates: ["is the age of onset of {x}"],
            nounPhrases: ["age of onset of {x}"],
            questions: ["What is the age of onset of {x}?", "When does {x} begin?"],
            statements: ["{x} has {new}."]),
        "pharmacologic_class": StepPhrases(
            predicates: ["includes {x}", "counts {x} among its members"],
            nounPhrases: ["drug class of {x}", "drug class that includes {x}"],
            questions: [
                "Which drug class includes {x}?", "To which drug class does {x} belong?",
                "What is the drug class of {x}?",
            ],
            statements: ["{x} belongs to {new}."]),
        "susceptibility_factor": StepPhrases(
            predicates: ["predisposes to {x}", "is a susceptibility factor for {x}"],
            nounPhrases: ["susceptibility locus for {x}", "locus that predisposes to {x}"],
            questions: ["Which locus predisposes to {x}?", "Which susceptibility locus is linked to {x}?"],
            statements: ["{x} is linked to {new}."]),
        "targets": StepPhrases(
            predicates: ["is targeted by {x}", "encodes a target of {x}"],
            nounPhrases: ["gene targeted by {x}", "gene whose product is targeted by {x}"],
            questions: ["Which gene is targeted by {x}?", "Which gene encodes the target of {x}?"],
            statements: ["{x} targets {new}.", "{x} acts on the product of {new}."]),
        "transmitted_by": StepPhrases(
            predicates: ["spreads {x}", "transmits {x}"],
            nounPhrases: ["vector or route of transmission of {x}", "vector or route that spreads {x}"],
            questions: ["Which vector or route spreads {x}?", "How is {x} transmitted?"],
            statements: ["{x} is spread by {new}."]),
    ]
}
