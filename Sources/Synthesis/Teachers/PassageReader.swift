import Foundation
import Knowledge

/// Finds in passages what one relation says about an entity, by the sentence that words the relation.
struct PassageReader {
    let phrases: RelationPhrases

    /// The object of the first sentence about `subject`, or `nil` if there is none.
    ///
    /// A sentence starts at the start of a passage or after another one; it ends where the passage ends or the next
    /// sentence starts with the subject again, so that names with full stops inside are read whole.
    func object(of subject: String, in observation: String) -> String? {
        let template = QuestionWording.split(phrases.sentence, at: "{object}")
        let start = RelationPhrases(sentence: template.before, phrase: "").sentence(subject: subject, objects: [])
        for passage in observation.split(separator: "\n") {
            var rest = passage
            while let range = rest.firstRange(of: start) {
                let before = passage[..<range.lowerBound]
                let object = rest[range.upperBound...]
                if before.isEmpty || before.hasSuffix(". ") {
                    return firstSentence(object, endingWith: template.after, subject: subject)
                }
                rest = object
            }
        }
        return nil
    }

    /// The objects that the first sentence about `subject` lists; empty if there is none.
    ///
    /// A list is split at its commas, so a name with a comma followed by a space comes in pieces.
    func objects(of subject: String, in observation: String) -> [String] {
        object(of: subject, in: observation)?.components(separatedBy: ", ") ?? []
    }

    private func firstSentence(_ text: Substring, endingWith end: String, subject: String) -> String? {
        if let range = text.firstRange(of: end + " " + subject + " ") { return String(text[..<range.lowerBound]) }
        return text.hasSuffix(end) ? String(text.dropLast(end.count)) : nil
    }
}
