/// What documents must be to be found. A document that does not say what is asked for is left out.
public struct RetrievalFilter: Sendable, Hashable {
    /// This evidence level or a better one.
    public var evidenceLevel: SourceProfile.EvidenceLevel?
    /// Published or updated in this year or later.
    public var fromYear: Int?
    /// The medical field, whatever the case.
    public var specialty: String?
    /// Whether retracted and withdrawn documents are found.
    public var includesRetracted: Bool

    public init(
        evidenceLevel: SourceProfile.EvidenceLevel? = nil, fromYear: Int? = nil, specialty: String? = nil,
        includesRetracted: Bool = true
    ) {
        self.evidenceLevel = evidenceLevel
        self.fromYear = fromYear
        self.specialty = specialty
        self.includesRetracted = includesRetracted
    }

    public func accepts(_ profile: SourceProfile) -> Bool {
        if let evidenceLevel {
            guard let level = profile.evidenceLevel, level <= evidenceLevel else { return false }
        }
        if let fromYear {
            guard let date = profile.date, date.year >= fromYear else { return false }
        }
        if let specialty {
            guard profile.specialties.contains(where: { $0.lowercased() == specialty.lowercased() }) else {
                return false
            }
        }
        return includesRetracted || (profile.status != .retracted && profile.status != .withdrawn)
    }
}
