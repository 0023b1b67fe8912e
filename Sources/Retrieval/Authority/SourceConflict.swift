/// Sources on one topic that do not say the same, to be shown side by side.
///
/// The rule: two documents are on one topic if they have the same `topic`, or else the same focus and question type
/// (`qtype` or `question_scope`), whatever the case. They differ if one is superseded, retracted or withdrawn and another is not;
/// if their recommendations differ; or if their dates are more than `minimumYears` apart. What the texts themselves say is
/// not compared: documents without these attributes are never in conflict.
public struct SourceConflict: Sendable, Hashable {
    public static let minimumYears = 1.0

    public struct Member: Sendable, Hashable {
        public var id: String
        /// What sets the document apart, for example `retracted`, `older (2015)`, `recommends against, strongly`.
        public var labels: [String]
    }

    /// What the sources are about, as the first of them says it.
    public var topic: String
    /// In the order in which the documents were found.
    public var members: [Member]

    /// The conflicts between documents, in the order of their first members.
    public static func find(in documents: [RetrievalDocument]) -> [SourceConflict] {
        var order: [String] = []
        var groups: [String: [RetrievalDocument]] = [:]
        for document in documents {
            guard let key = topic(of: document)?.lowercased() else { continue }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(document)
        }
        return order.compactMap { conflict(groups[$0] ?? []) }
    }

    private static func topic(of document: RetrievalDocument) -> String? {
        if let topic = document.attributes["topic"]?.stringValue, !topic.isEmpty { return topic }
        guard let focus = document.focus, !focus.isEmpty else { return nil }
        let scope = (document.attributes["qtype"] ?? document.attributes["question_scope"])?.stringValue
        return scope.map { "\(focus), \($0)" } ?? focus
    }

    private static func conflict(_ documents: [RetrievalDocument]) -> SourceConflict? {
        guard documents.count > 1, let topic = topic(of: documents[0]) else { return nil }
        let profiles = documents.map { SourceProfile($0.attributes) }
        let statuses = profiles.map { $0.status ?? .current }
        let differsInStatus = Set(statuses).count > 1
        let recommendations = Set(profiles.compactMap(\.recommendation))
        let dates = profiles.compactMap(\.date)
        let isFarApart =
            dates.max().flatMap { last in dates.min().map { last.years(since: $0) > minimumYears } } ?? false
        guard differsInStatus || recommendations.count > 1 || isFarApart else { return nil }
        let members = zip(documents, profiles).map { document, profile in
            var labels: [String] = []
            if differsInStatus { labels.append((profile.status ?? .current).rawValue) }
            if recommendations.count > 1, let recommendation = profile.recommendation {
                labels.append(words(recommendation))
            }
            if isFarApart, let date = profile.date, let newest = dates.max() {
                labels.append("\(newest.years(since: date) > minimumYears ? "older" : "newer") (\(date))")
            }
            return Member(id: document.id, labels: labels)
        }
        return SourceConflict(topic: topic, members: members)
    }

    private static func words(_ recommendation: SourceProfile.Recommendation) -> String {
        switch recommendation {
        case .strongFor: "recommends it strongly"
        case .conditionalFor: "recommends it under conditions"
        case .neutral: "recommends neither for nor against it"
        case .conditionalAgainst: "recommends against it under conditions"
        case .strongAgainst: "recommends strongly against it"
        }
    }
}
