extension RelationCatalogue {
    /// Drugs, what they act on and what they are used for.
    static let pharmacological: [Relation] = [
        define(
            "indicated_for", "is_treated_by", "drug", "disease|phenotype",
            (
                "{subject} treats {object}.", "{subject} is treated by {object}.", "the disease treated by {x}",
                "the drug that treats {x}"
            )),
        define(
            "palliates", "is_palliated_by", "drug", "disease|phenotype",
            (
                "{subject} relieves the symptoms of {object}.", "The symptoms of {subject} are relieved by {object}.",
                "the disease whose symptoms {x} relieves", "the drug that relieves the symptoms of {x}"
            )),
        define(
            "used_off_label_for", "has_off_label_drug", "drug", "disease|phenotype",
            (
                "{subject} is used off-label for {object}.", "{subject} is treated off-label with {object}.",
                "the disease for which {x} is used off-label", "the drug used off-label for {x}"
            )),
        define(
            "contraindicated_in", "has_contraindicated_drug", "drug", "disease|phenotype",
            (
                "{subject} is contraindicated in {object}.", "{subject} rules out treatment with {object}.",
                "the disease in which {x} is contraindicated", "the drug contraindicated in {x}"
            )),
        define(
            "targets", "is_target_of", "drug", "gene",
            (
                "{subject} targets the gene {object}.", "{subject} is targeted by {object}.",
                "the gene targeted by {x}",
                "the drug that targets {x}"
            )),
        define(
            "metabolized_by", "metabolizes", "drug", "gene",
            (
                "{subject} is metabolized by the product of {object}.",
                "The product of {subject} metabolizes {object}.",
                "the gene whose product metabolizes {x}", "the drug metabolized by the product of {x}"
            )),
        define(
            "carried_by", "carries", "drug", "gene",
            (
                "{subject} is carried by the product of {object}.", "The product of {subject} carries {object}.",
                "the gene whose product carries {x}", "the drug carried by the product of {x}"
            )),
        define(
            "transported_by", "transports", "drug", "gene",
            (
                "{subject} is transported by the product of {object}.", "The product of {subject} transports {object}.",
                "the gene whose product transports {x}", "the drug transported by the product of {x}"
            )),
        define(
            "drug_upregulates", "is_upregulated_by_drug", "drug", "gene",
            (
                "{subject} upregulates {object}.", "{subject} is upregulated by {object}.",
                "the gene upregulated by {x}",
                "the drug that upregulates {x}"
            )),
        define(
            "drug_downregulates", "is_downregulated_by_drug", "drug", "gene",
            (
                "{subject} downregulates {object}.", "{subject} is downregulated by {object}.",
                "the gene downregulated by {x}", "the drug that downregulates {x}"
            )),
        define(
            "has_side_effect", "is_side_effect_of", "drug", "side_effect|phenotype",
            (
                "{subject} has the side effect {object}.", "{subject} is a side effect of {object}.",
                "the side effect of {x}", "the drug with the side effect {x}"
            )),
        define(
            "pharmacologic_class", "is_class_of", "drug", "drug_class",
            (
                "{subject} has the drug class {object}.", "{subject} is the drug class of {object}.",
                "the drug class of {x}", "the drug with the drug class {x}"
            )),
        define(
            "mechanism_of_action", "is_mechanism_of", "drug", "mechanism",
            (
                "{subject} has the mechanism {object}.", "{subject} is the mechanism of {object}.",
                "the mechanism of {x}",
                "the drug with the mechanism {x}"
            )),
        define(
            "physiologic_effect", "is_effect_of", "drug", "physiologic_effect",
            (
                "{subject} has the physiologic effect {object}.", "{subject} is the physiologic effect of {object}.",
                "the physiologic effect of {x}", "the drug with the physiologic effect {x}"
            )),
        define(
            "chemical_class", "is_chemical_class_of", "drug", "chemical_class",
            (
                "{subject} belongs to the chemical class {object}.", "{subject} is the chemical class of {object}.",
                "the chemical class of {x}", "the drug of the chemical class {x}"
            )),
        define(
            "pharmacological_action", "is_action_of", "drug", "pharmacological_action",
            (
                "{subject} acts as {object}.", "{subject} is the pharmacological action of {object}.",
                "the pharmacological action of {x}", "the drug that acts as {x}"
            )),
        define(
            "application", "is_application_of", "drug", "application",
            (
                "{subject} is applied as {object}.", "{subject} is the application of {object}.",
                "the application of {x}",
                "the drug applied as {x}"
            )),
        between(
            "resembles_drug", "drug", "{subject} resembles {object}.", "the drug that resembles {x}"),
        between(
            "interacts_with_drug", "drug", "{subject} interacts with {object}.", "the drug that interacts with {x}"),
    ]

    /// Genes and their products among themselves, and in cells and tissues.
    static let molecular: [Relation] = [
        between(
            "interacts_with", "gene", "{subject} interacts with {object}.", "the gene whose product interacts with {x}"),
        between(
            "covaries_with", "gene", "{subject} evolves together with {object}.",
            "the gene that evolves together with {x}"),
        define(
            "regulates", "is_regulated_by", "gene", "gene",
            (
                "{subject} regulates {object}.", "{subject} is regulated by {object}.", "the gene regulated by {x}",
                "the gene that regulates {x}"
            )),
        define(
            "participates_in", "has_participant", "gene",
            "biological_process|molecular_function|cellular_component|pathway",
            (
                "{subject} takes part in {object}.", "{subject} involves {object}.",
                "the process that {x} takes part in",
                "the gene that takes part in {x}"
            )),
        define(
            "expressed_in", "expresses", "gene", "anatomy",
            (
                "{subject} is expressed in {object}.", "{subject} expresses {object}.", "the tissue that expresses {x}",
                "the gene expressed in {x}"
            )),
        define(
            "not_expressed_in", "does_not_express", "gene", "anatomy",
            (
                "{subject} is not expressed in {object}.", "{subject} does not express {object}.",
                "the tissue that does not express {x}", "the gene not expressed in {x}"
            )),
        define(
            "upregulated_in", "upregulates", "gene", "anatomy",
            (
                "{subject} is upregulated in {object}.", "{subject} upregulates {object}.",
                "the tissue that upregulates {x}", "the gene upregulated in the tissue {x}"
            )),
        define(
            "downregulated_in", "downregulates", "gene", "anatomy",
            (
                "{subject} is downregulated in {object}.", "{subject} downregulates {object}.",
                "the tissue that downregulates {x}", "the gene downregulated in the tissue {x}"
            )),
        define(
            "exposure_affects_gene", "is_affected_by_exposure", "exposure", "gene",
            (
                "Exposure to {subject} affects {object}.", "{subject} is affected by exposure to {object}.",
                "the gene affected by exposure to {x}", "the exposure that affects {x}"
            )),
        define(
            "exposure_affects_process", "is_process_affected_by", "exposure",
            "biological_process|molecular_function|cellular_component",
            (
                "Exposure to {subject} affects {object}.", "{subject} is affected by exposure to {object}.",
                "the process affected by exposure to {x}", "the exposure that affects the process {x}"
            )),
        between(
            "related_pathway", "pathway", "{subject} is next to {object} in the hierarchy of pathways.",
            "the pathway next to {x} in the hierarchy of pathways"),
        between(
            "related_biological_process", "biological_process",
            "{subject} is next to {object} in the hierarchy of processes.",
            "the process next to {x} in the hierarchy of processes"),
        between(
            "related_molecular_function", "molecular_function",
            "{subject} is next to {object} in the hierarchy of functions.",
            "the function next to {x} in the hierarchy of functions"),
        between(
            "related_cellular_component", "cellular_component",
            "{subject} is next to {object} in the hierarchy of cellular components.",
            "the component next to {x} in the hierarchy of cellular components"),
    ]
}
