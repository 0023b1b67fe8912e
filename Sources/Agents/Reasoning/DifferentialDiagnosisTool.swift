import Knowledge
import Primitives

/// The clinical reasoning engine as a tool.
public struct DifferentialDiagnosisTool: TypedTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter(
                "findings", .texts(maximumCount: 40),
                "Symptoms, signs and circumstances of the patient, each by its medical name, for example \"fever\"; "
                    + "also an affected body part, a causing organism, a way of transmission, an inheritance or a gene."
            ),
            ToolParameter(
                "absent", .texts(maximumCount: 40), "Findings that were looked for and are not there.",
                isRequired: false),
            ToolParameter("age", .number(0...130), "The patient's age in years.", isRequired: false),
            ToolParameter(
                "onset_age", .number(-1...130), "The age in years at which the disease began.", isRequired: false),
            ToolParameter(
                "sex", .choice(ClinicalCase.Sex.allCases.map(\.rawValue)), "The patient's sex.", isRequired: false),
            ToolParameter(
                "limit", .integer(1...20), "How many diagnoses to explain; 5 if left out.", isRequired: false),
        ]

        public var patient: ClinicalCase
        public var limit: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            func texts(_ name: String) -> [String] { values[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
            let findings = texts("findings")
            guard findings.contains(where: { $0.contains(where: \.isLetter) }) else {
                throw ToolFailure(.invalidCall, "findings holds no words; expected at least one finding by its name")
            }
            if let long = (findings + texts("absent")).first(where: { $0.utf8.count > 200 }) {
                throw ToolFailure(
                    .invalidCall,
                    "the finding \"\(long.prefix(40))…\" is too long; expected the name of one finding in each element")
            }
            patient = ClinicalCase(
                findings: findings, absent: texts("absent"), age: values["age"]?.doubleValue,
                onsetAge: values["onset_age"]?.doubleValue,
                sex: values["sex"]?.stringValue.flatMap { ClinicalCase.Sex(rawValue: $0) })
            limit = values["limit"]?.doubleValue.map { Int($0) } ?? 5
        }
    }

    private let engine: ClinicalReasoningEngine
    private let setting: String?

    /// - Parameter setting: the specialty or place of care that the table of prevalences is asked for.
    public init(engine: ClinicalReasoningEngine, setting: String? = nil) {
        self.engine = engine
        self.setting = setting
    }

    public var name: String { "differential_diagnosis" }

    public var purpose: String {
        "Weighs which diseases explain a patient's findings, by Bayes' rule over a knowledge graph of diseases: gives "
            + "probabilities, what each finding says for and against, and which findings to look for next. "
            + "Says so when the findings are not enough."
    }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        var patient = arguments.patient
        patient.setting = setting
        let differential = engine.diagnose(patient, limit: arguments.limit)
        return ToolResult(
            content: DifferentialText(differential: differential, parameters: engine.parameters).text,
            citations: citations(of: differential))
    }

    /// The diseases whose facts were used, with the first source of each.
    private func citations(of differential: Differential) -> [ToolCitation] {
        guard !differential.findings.isEmpty else { return [] }
        return differential.hypotheses.compactMap { hypothesis in
            let statements = hypothesis.factors.compactMap { factor in Self.evidence(of: factor.basis).first }
            guard let statement = statements.first else { return nil }
            return ToolCitation(
                source: statement.source, identifier: hypothesis.id, title: hypothesis.name,
                licence: statement.licence)
        }
    }

    private static func evidence(of basis: Differential.Basis) -> [Evidence] {
        switch basis {
        case .fact(_, _, _, let evidence): evidence
        case .category(let basis): evidence(of: basis)
        default: []
        }
    }
}
