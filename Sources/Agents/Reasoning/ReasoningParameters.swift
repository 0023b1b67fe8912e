/// The numbers that a differential diagnosis rests on where no table states better ones. They are assumptions, and every
/// result names those it used.
public struct ReasoningParameters: Sendable, Hashable {
    /// How often a disease shows a finding that the graph says it has, without saying how often.
    public var edgeFrequency = 0.6
    /// The share of a finding's background frequency with which it appears in a disease the graph does not link it to:
    /// other causes, and facts that the graph lacks.
    public var leak = 0.5
    /// What is left of the leak where a source says that the disease does not show the finding.
    public var excludedShare = 0.1
    /// How often a patient's context is among the values that the graph states for the disease; otherwise it is drawn from
    /// the background.
    public var contextMatch = 0.8
    /// How often a finding that is the disease itself, or a kind of it, is noticed.
    public var selfFrequency = 0.98
    /// The probability, before any finding, of a disease that the graph does not describe.
    public var elsePrior = 0.1
    /// The weight of a rare disease where no prevalence is stated; others have 1.
    public var rareWeight = 0.2
    /// Patients per 100,000 assumed for a disease that a table of prevalences does not list; times `rareWeight` for a
    /// rare one.
    public var unlistedPrevalence = 1.0
    /// What is left of the probability of an X-linked recessive disease in a female patient.
    public var femaleXLinkedRecessive = 0.1
    /// The leading diagnosis needs at least this posterior, or there is not enough information.
    public var minimumPosterior = 0.5

    /// Relations from a disease to what a patient shows.
    public var manifestations = ["has_symptom", "has_phenotype", "has_feature"]
    /// Relations from a disease to what its patients do not show.
    public var exclusions = ["lacks_phenotype"]
    /// Relations from a disease to its circumstances. A disease without any value of one says nothing about it.
    public var contexts = [
        "onset", "inheritance", "located_in", "caused_by_organism", "transmitted_by", "derives_from", "driven_by",
        "allergic_trigger", "linked_to_exposure", "caused_by_variant_in", "susceptibility_factor",
    ]
    /// The relation from a kind to its category.
    public var hierarchy = "is_a"
    /// Vocabularies that list rare diseases only.
    public var rareVocabularies = ["ORDO", "GARD"]

    /// No probability that a formula gives is taken for nearer to 0 or 1 than this.
    static let certaintyBound = 1e-6

    public init() {}
}
