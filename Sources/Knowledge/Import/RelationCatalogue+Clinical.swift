extension RelationCatalogue {
    /// Diseases, and what they look like, come from and lead to.
    static let clinical: [Relation] = [
        define(
            "is_a", "has_subtype",
            "disease|phenotype|anatomy|cell_or_tissue|organism|chemical|term|biological_process|molecular_function"
                + "|cellular_component",
            "disease|phenotype|anatomy|cell_or_tissue|organism|chemical|term|biological_process|molecular_function"
                + "|cellular_component",
            laws: "ta",
            (
                "{subject} is a kind of {object}.", "{subject} includes {object}.", "the parent category of {x}",
                "the subtype of {x}"
            )),
        define(
            "part_of", "has_part",
            "anatomy|cell_or_tissue|term|biological_process|molecular_function|cellular_component",
            "anatomy|cell_or_tissue|term|biological_process|molecular_function|cellular_component", laws: "ta",
            (
                "{subject} is part of {object}.", "{subject} contains {object}.", "the whole that {x} is part of",
                "the part of {x}"
            )),
        define(
            "has_symptom", "is_symptom_of", "disease", "symptom", laws: "i",
            (
                "{subject} has the symptom {object}.", "{subject} is a symptom of {object}.", "the symptom of {x}",
                "the disease with the symptom {x}"
            )),
        define(
            "has_phenotype", "is_phenotype_of", "disease", "phenotype", laws: "i",
            (
                "{subject} has the phenotype {object}.", "{subject} is a phenotype of {object}.",
                "the phenotype of {x}",
                "the disease with the phenotype {x}"
            )),
        define(
            "lacks_phenotype", "is_absent_in", "disease", "phenotype",
            (
                "{subject} does not show {object}.", "{subject} is absent in {object}.",
                "the phenotype that is absent in {x}", "the disease that does not show {x}"
            )),
        define(
            "has_feature", "is_feature_of", "disease", "disease", laws: "i",
            (
                "{subject} features {object}.", "{subject} is a feature of {object}.", "the feature of {x}",
                "the disease that features {x}"
            )),
        define(
            "located_in", "is_affected_by", "disease", "anatomy", laws: "i",
            (
                "{subject} affects the body part {object}.", "{subject} is affected by {object}.",
                "the body part affected by {x}", "the disease that affects {x}"
            )),
        define(
            "derives_from", "is_origin_of", "disease", "cell_or_tissue", laws: "i",
            (
                "{subject} has its origin in {object}.", "{subject} is the origin of {object}.", "the origin of {x}",
                "the disease with its origin in {x}"
            )),
        define(
            "caused_by_organism", "causes_disease", "disease", "organism", laws: "i",
            (
                "{subject} is caused by the organism {object}.", "{subject} is the organism that causes {object}.",
                "the organism that causes {x}", "the disease caused by the organism {x}"
            )),
        define(
            "transmitted_by", "transmits", "disease", "transmission", laws: "i",
            (
                "{subject} is transmitted by {object}.", "{subject} transmits {object}.",
                "the way of transmission of {x}",
                "the disease transmitted by {x}"
            )),
        define(
            "inheritance", "is_inheritance_of", "disease", "inheritance", laws: "i",
            (
                "{subject} has the inheritance {object}.", "{subject} is the inheritance of {object}.",
                "the inheritance of {x}", "the disease with the inheritance {x}"
            )),
        define(
            "onset", "is_onset_of", "disease", "onset", laws: "i",
            (
                "{subject} has the onset {object}.", "{subject} is the onset of {object}.", "the onset of {x}",
                "the disease with the onset {x}"
            )),
        define(
            "driven_by", "drives", "disease", "agent|organism", laws: "i",
            (
                "{subject} is driven by {object}.", "{subject} drives {object}.", "the driver of {x}",
                "the disease driven by {x}"
            )),
        define(
            "allergic_trigger", "triggers_allergy", "disease", "allergen", laws: "i",
            (
                "{subject} is triggered by {object}.", "{subject} triggers {object}.", "the trigger of {x}",
                "the allergy triggered by {x}"
            )),
        define(
            "linked_to_exposure", "is_exposure_linked_to", "disease", "exposure",
            (
                "{subject} is linked to exposure to {object}.", "Exposure to {subject} is linked to {object}.",
                "the exposure linked to {x}", "the disease linked to exposure to {x}"
            )),
        between(
            "resembles_disease", "disease", "{subject} resembles {object}.", "the disease that resembles {x}"),
        between(
            "related_disease", "disease", "{subject} is next to {object} in the hierarchy of diseases.",
            "the disease next to {x} in the hierarchy of diseases"),
        between(
            "related_phenotype", "phenotype", "{subject} is next to {object} in the hierarchy of phenotypes.",
            "the phenotype next to {x} in the hierarchy of phenotypes"),
        between(
            "related_anatomy", "anatomy", "{subject} is next to {object} in the hierarchy of anatomy.",
            "the structure next to {x} in the hierarchy of anatomy"),
        between(
            "related_exposure", "exposure", "{subject} is related to {object} as an exposure.",
            "the exposure related to {x}"),
    ]

    /// Genes and the diseases they take part in.
    static let genetic: [Relation] = [
        define(
            "caused_by_variant_in", "variants_cause", "disease", "gene",
            (
                "{subject} is caused by variants in the gene {object}.",
                "{subject} variants cause the disease {object}.",
                "the gene that causes {x}", "the disease caused by variants in {x}"
            )),
        define(
            "susceptibility_factor", "is_susceptibility_factor_for", "disease", "gene|gene_or_locus",
            (
                "{subject} has the susceptibility factor {object}.", "{subject} makes susceptible to {object}.",
                "the susceptibility factor for {x}", "the disease to which {x} makes susceptible"
            )),
        define(
            "modified_by_variant_in", "variants_modify", "disease", "gene",
            (
                "{subject} is modified by variants in the gene {object}.",
                "{subject} variants modify the disease {object}.",
                "the gene that modifies {x}", "the disease modified by variants in {x}"
            )),
        define(
            "has_fusion_gene", "is_fusion_gene_in", "disease", "gene",
            (
                "{subject} involves a fusion of the gene {object}.", "{subject} is part of a fusion gene in {object}.",
                "the gene fused in {x}", "the disease with a fusion of {x}"
            )),
        define(
            "associated_gene", "is_gene_associated_with", "disease", "gene",
            (
                "{subject} is associated with the gene {object}.", "{subject} is associated with the disease {object}.",
                "the gene associated with {x}", "the disease associated with the gene {x}"
            )),
        define(
            "located_at", "is_cytoband_of", "gene", "cytoband", laws: "f",
            (
                "{subject} is located at the cytoband {object}.", "{subject} is the cytoband of {object}.",
                "the cytoband of {x}", "the gene located at {x}"
            )),
        define(
            "on_chromosome", "is_chromosome_of", "gene", "chromosome", laws: "f",
            (
                "{subject} lies on {object}.", "{subject} carries the gene {object}.", "the chromosome of {x}",
                "the gene on {x}"
            )),
        define(
            "gene_upregulated_in_disease", "has_upregulated_gene", "gene", "disease",
            (
                "{subject} is upregulated in {object}.", "{subject} shows upregulation of {object}.",
                "the disease in which {x} is upregulated", "the gene upregulated in {x}"
            )),
        define(
            "gene_downregulated_in_disease", "has_downregulated_gene", "gene", "disease",
            (
                "{subject} is downregulated in {object}.", "{subject} shows downregulation of {object}.",
                "the disease in which {x} is downregulated", "the gene downregulated in {x}"
            )),
        define(
            "phenotype_of_gene", "has_gene_phenotype", "phenotype", "gene",
            (
                "{subject} is associated with the gene {object}.",
                "{subject} is associated with the phenotype {object}.",
                "the gene associated with the phenotype {x}", "the phenotype associated with the gene {x}"
            )),
    ]
}
