/// When a recording answers, and when it asks and keeps what it is told.
public enum RecordingMode: String, Sendable, CaseIterable {
    /// Asks and keeps the answers, in place of what the file held before.
    case record
    /// Never asks; what the file does not hold fails.
    case replay
    /// Asks what the file does not hold, and keeps the answers.
    case replayOrRecord = "replay_or_record"
}
