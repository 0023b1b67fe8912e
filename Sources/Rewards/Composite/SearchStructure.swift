/// The outcome table of Search-R1 v0.3 (arXiv 2505.15117): a right answer earns `score`, less `structure` where the
/// episode breaks the format; a wrong one earns `structure` for the format, `retrieval` more where the evidence was
/// found, and `answer` for an answer without the format.
struct SearchStructure: Sendable, Hashable {
    var score = 1.0
    var structure = 0.2
    var answer = 0.1
    var retrieval = 0.1

    func value(isCorrect: Bool, isWellFormed: Bool, hasRetrieved: Bool, hasAnswer: Bool) -> Double {
        switch (isCorrect, isWellFormed) {
        case (true, true): score
        case (true, false): score - structure
        case (false, true): hasRetrieved ? structure + retrieval : structure
        case (false, false): hasAnswer ? answer : 0
        }
    }
}
