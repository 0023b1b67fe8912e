import Knowledge

/// What a case says about which disease: every candidate's probability, and what speaks for and against it.
public struct Differential: Sendable {
    /// A candidate with its probability.
    public struct Hypothesis: Sendable, Hashable {
        public var id: String
        public var name: String
        /// P(disease | context).
        public var prior: Double
        /// P(disease | findings, context).
        public var posterior: Double
        /// One for each finding that was used, in the order of ``Differential/findings``.
        public var factors: [Factor]
    }

    /// What one finding does to one hypothesis.
    public struct Factor: Sendable, Hashable {
        public var finding: Finding
        /// P(finding is there | disease).
        public var probability: Double
        /// The natural logarithm of the likelihood under the disease over that under something else.
        public var logLikelihoodRatio: Double
        public var basis: Basis
    }

    /// A finding that was used.
    public struct Finding: Sendable, Hashable {
        public var text: String
        public var isPresent: Bool
    }

    /// What a probability rests on.
    public enum Basis: Sendable, Hashable {
        /// A fact of the graph about the disease or a category that it inherits from, with the statements of it.
        case fact(relation: String, disease: String, finding: String, evidence: [Evidence])
        /// A row of the table of frequencies.
        case table(disease: String, finding: String, source: String)
        /// The finding is the disease, or a category of it.
        case identity
        /// The source links the disease to a category of the finding only.
        indirect case category(Basis)
        /// Nothing links the disease to the finding: the leak, or for circumstances the background.
        case noLink
        /// The patient's age or the like against the disease's stated values.
        case circumstance(String)
    }

    /// A finding that was not looked for yet, and how much it would tell.
    public struct Question: Sendable, Hashable {
        public var finding: String
        /// The information about the diagnosis that the answer is expected to give, in bits.
        public var bits: Double
    }

    /// Whether the result may be acted on.
    public enum Verdict: Sendable, Hashable {
        /// The leader's posterior reaches the bound.
        case supported
        /// No disease reaches the bound alone, but one that the graph describes does together with its kinds.
        case supportedCategory
        case notEnoughInformation(Reason)
    }

    public enum Reason: Sendable, Hashable {
        /// The graph describes no disease by findings.
        case noCandidate
        /// Nothing of the case is a finding that the graph links to a candidate.
        case noKnownFinding
        /// Something else is likelier than any candidate.
        case somethingElseLeads
        /// The leader's posterior is below this bound.
        case leaderBelow(Double)
    }

    /// A disease or class of diseases that reaches the bound together with its kinds, where none does alone.
    public struct Category: Sendable, Hashable {
        public var id: String
        public var name: String
        public var posterior: Double
    }

    public var verdict: Verdict
    /// The likeliest candidates, the likeliest first; of equal ones by id.
    public var hypotheses: [Hypothesis]
    /// Prior and posterior of a disease that is no candidate.
    public var elsePrior: Double
    public var elsePosterior: Double
    public var candidateCount: Int
    /// What the findings were taken for, in an order that does not depend on the case's.
    public var findings: [Finding]
    public var unused: [UnusedTerm]
    /// What to ask next, the most telling first.
    public var questions: [Question]
    public var category: Category?
    /// Where the priors come from, in a sentence.
    public var priors: String

    /// The posterior of the candidates that are not among ``hypotheses``.
    public var restPosterior: Double {
        max(0, 1 - elsePosterior - hypotheses.reduce(0) { $0 + $1.posterior })
    }
}
