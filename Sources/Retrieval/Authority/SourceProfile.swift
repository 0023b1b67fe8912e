import Primitives

/// What is known about where a document comes from and how much its statements weigh. Absent where a document does not
/// say it; the members of the attributes have the names that the raw values and comments give.
public struct SourceProfile: Sendable, Hashable {
    /// `publisher_class`.
    public enum PublisherClass: String, Sendable, Hashable, CaseIterable {
        case regulator, registry, ontology, journal, preprint, textbook, encyclopedia, web
        case guidelineBody = "guideline_body"
    }

    /// `doc_type`.
    public enum DocumentType: String, Sendable, Hashable, CaseIterable {
        case guideline, label, rct, cohort, reference, preprint, news
        case systematicReview = "systematic_review"
        case caseControl = "case_control"
        case caseSeries = "case_series"
        case caseReport = "case_report"
        case trialRecord = "trial_record"
    }

    /// `evidence_level`: the levels of the Oxford Centre for Evidence-Based Medicine (March 2009), best first.
    public enum EvidenceLevel: String, Sendable, Hashable, CaseIterable, Comparable {
        case level1a = "1a"
        case level1b = "1b"
        case level1c = "1c"
        case level2a = "2a"
        case level2b = "2b"
        case level2c = "2c"
        case level3a = "3a"
        case level3b = "3b"
        case level4 = "4"
        case level5 = "5"

        /// Whether the left is better.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// `status`.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        case current, superseded, retracted, withdrawn
    }

    /// `recommendation_strength`: for or against what the document is about, and how firmly.
    public enum Recommendation: String, Sendable, Hashable, CaseIterable {
        case strongFor = "strong_for"
        case conditionalFor = "conditional_for"
        case neutral
        case conditionalAgainst = "conditional_against"
        case strongAgainst = "strong_against"
    }

    public var publisherClass: PublisherClass?
    public var documentType: DocumentType?
    public var evidenceLevel: EvidenceLevel?
    public var status: Status?
    public var recommendation: Recommendation?
    /// `published` and `updated`.
    public var published: PublicationDate?
    public var updated: PublicationDate?
    /// `specialty`: a word or an array of words.
    public var specialties: [String] = []

    public init() {}

    /// The later of the two dates.
    public var date: PublicationDate? { [published, updated].compactMap { $0 }.max() }

    /// Reads the attributes of a document; those that cannot be read count as absent.
    public init(_ attributes: JSONObject) {
        publisherClass = Self.word(attributes, "publisher_class")
        documentType = Self.word(attributes, "doc_type")
        evidenceLevel = Self.word(attributes, "evidence_level")
        status = Self.word(attributes, "status")
        recommendation = Self.word(attributes, "recommendation_strength")
        published = attributes["published"]?.stringValue.flatMap { PublicationDate($0) }
        updated = attributes["updated"]?.stringValue.flatMap { PublicationDate($0) }
        specialties = Self.texts(attributes["specialty"])
    }

    /// What is wrong with the attributes of a document, and what was expected; `nil` if nothing is.
    public static func problem(of attributes: JSONObject) -> (name: String, found: String, expected: String)? {
        problem(attributes, "publisher_class", PublisherClass.self) ?? problem(
            attributes, "doc_type", DocumentType.self)
            ?? problem(attributes, "evidence_level", EvidenceLevel.self) ?? problem(attributes, "status", Status.self)
            ?? problem(attributes, "recommendation_strength", Recommendation.self)
            ?? ["published", "updated"].lazy.compactMap { name in
                guard let value = attributes[name], !value.isNull else { return nil }
                if value.stringValue.flatMap({ PublicationDate($0) }) != nil { return nil }
                return (name, value.text, "a date such as 2021, 2021-05 or 2021-05-31")
            }.first
    }

    private static func word<Word: RawRepresentable>(_ attributes: JSONObject, _ name: String) -> Word?
    where Word.RawValue == String {
        attributes[name]?.stringValue.flatMap(Word.init(rawValue:))
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        value?.stringValue.map { [$0] } ?? value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    private static func problem<Word: RawRepresentable & CaseIterable>(
        _ attributes: JSONObject, _ name: String, _ type: Word.Type
    ) -> (name: String, found: String, expected: String)? where Word.RawValue == String {
        guard let value = attributes[name], !value.isNull else { return nil }
        if value.stringValue.flatMap(Word.init(rawValue:)) != nil { return nil }
        return (name, value.text, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
}
