import Foundation
import Primitives
import Storage

/// How much the source of a document weighs, from 0 to 1: a table, so that a score can be replayed from the table's version
/// and a date.
///
///     authority = (w₁ · publisher + w₂ · design + w₃ · recency) · status,  recency = 2^(−age / half-life)
///
/// The design is the evidence level, or else what the type of the document suggests. Nothing that is not known counts as
/// bad: the table says what an unknown publisher, design or date is worth.
public struct AuthorityModel: Sendable, Hashable {
    /// Names the table in results.
    public var version: String
    public var publisherWeight: Double
    public var designWeight: Double
    public var recencyWeight: Double
    /// In years.
    public var recencyHalfLife: Double
    public var publisherClasses: [SourceProfile.PublisherClass: Double]
    public var evidenceLevels: [SourceProfile.EvidenceLevel: Double]
    public var documentTypes: [SourceProfile.DocumentType: Double]
    /// What the sum is multiplied by.
    public var statuses: [SourceProfile.Status: Double]
    public var unknownPublisher: Double
    public var unknownDesign: Double
    public var unknownRecency: Double

    /// The built-in table. The order of publishers and designs follows the OCEBM levels; the numbers are ours.
    public static let standard = AuthorityModel(
        version: "medresearcher.authority/1", publisherWeight: 0.4, designWeight: 0.4, recencyWeight: 0.2,
        recencyHalfLife: 5,
        publisherClasses: [
            .regulator: 1, .guidelineBody: 1, .registry: 0.8, .ontology: 0.7, .journal: 0.7, .textbook: 0.6,
            .encyclopedia: 0.5, .preprint: 0.35, .web: 0.2,
        ],
        evidenceLevels: [
            .level1a: 1, .level1b: 0.9, .level1c: 0.85, .level2a: 0.75, .level2b: 0.65, .level2c: 0.55, .level3a: 0.5,
            .level3b: 0.4, .level4: 0.25, .level5: 0.1,
        ],
        documentTypes: [
            .guideline: 0.95, .label: 0.9, .systematicReview: 0.95, .rct: 0.85, .cohort: 0.65, .caseControl: 0.4,
            .caseSeries: 0.25, .caseReport: 0.2, .trialRecord: 0.5, .reference: 0.5, .preprint: 0.3, .news: 0.1,
        ],
        statuses: [.current: 1, .superseded: 0.3, .retracted: 0, .withdrawn: 0], unknownPublisher: 0.4,
        unknownDesign: 0.4, unknownRecency: 0.5)

    /// - Parameter date: the day on which the question is asked; a document that is newer has no age.
    public func authority(of profile: SourceProfile, on date: PublicationDate?) -> Authority {
        let publisher = profile.publisherClass.flatMap { publisherClasses[$0] } ?? unknownPublisher
        let design =
            profile.evidenceLevel.flatMap { evidenceLevels[$0] } ?? profile.documentType.flatMap { documentTypes[$0] }
            ?? unknownDesign
        var recency = unknownRecency
        if let date, let own = profile.date {
            recency = exp2(-max(0, date.years(since: own)) / recencyHalfLife)
        }
        let status = profile.status.flatMap { statuses[$0] } ?? 1
        let sum = publisherWeight * publisher + designWeight * design + recencyWeight * recency
        return Authority(
            score: min(max(sum, 0), 1) * status, publisher: publisher, design: design, recency: recency, status: status,
            profile: profile)
    }
}

/// The authority of one document with its parts, each from 0 to 1.
public struct Authority: Sendable, Hashable {
    public var score: Double
    public var publisher: Double
    public var design: Double
    public var recency: Double
    /// What the weighted sum of the others was multiplied by.
    public var status: Double
    public var profile: SourceProfile

    /// Why the score is what it is, for people.
    public var reasons: String {
        var parts = [
            profile.publisherClass.map { "publisher \($0.rawValue) \(Self.text(publisher))" }
                ?? "publisher not stated \(Self.text(publisher))"
        ]
        if let level = profile.evidenceLevel {
            parts.append("evidence \(level.rawValue) \(Self.text(design))")
        } else if let type = profile.documentType {
            parts.append("type \(type.rawValue) \(Self.text(design))")
        } else {
            parts.append("design not stated \(Self.text(design))")
        }
        parts.append(profile.date.map { "date \($0) \(Self.text(recency))" } ?? "no date \(Self.text(recency))")
        if let status = profile.status, status != .current {
            parts.append("\(status.rawValue) ×\(Self.text(self.status))")
        }
        return parts.joined(separator: ", ")
    }

    private static func text(_ value: Double) -> String { String(format: "%.2f", value) }

    public var json: JSONValue {
        [
            "score": .number(score), "publisher": .number(publisher), "design": .number(design),
            "recency": .number(recency), "status": .number(status),
        ]
    }
}
