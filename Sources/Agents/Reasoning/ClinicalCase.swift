/// What is known of a patient. Findings and circumstances are names of the graph, or synonyms of them.
public struct ClinicalCase: Sendable, Hashable {
    public enum Sex: String, Sendable, Hashable, CaseIterable {
        case female, male
    }

    /// What is there: symptoms, signs, phenotypes; also an affected body part, a cause, a way of transmission, an
    /// inheritance. "No fever" counts among what is absent.
    public var findings: [String]
    /// What was looked for and is not there.
    public var absent: [String]
    /// Years.
    public var age: Double?
    /// The age at which the disease began, in years; below 0 before birth.
    public var onsetAge: Double?
    public var sex: Sex?
    /// The specialty or place of care, as a table of prevalences names it.
    public var setting: String?

    public init(
        findings: [String], absent: [String] = [], age: Double? = nil, onsetAge: Double? = nil, sex: Sex? = nil,
        setting: String? = nil
    ) {
        self.findings = findings
        self.absent = absent
        self.age = age
        self.onsetAge = onsetAge
        self.sex = sex
        self.setting = setting
    }
}
