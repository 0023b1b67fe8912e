import Primitives

/// Reads the arguments of a check: the gold's members with the policy's behind them.
struct CheckArguments {
    private let object: JSONObject
    private let policy: JSONObject

    init(_ value: JSONValue, policy: JSONObject = JSONObject()) throws(AnswerProblem) {
        guard case .object(let object) = value else {
            throw .malformed("expected the arguments of the check as an object, found \(value.kind)")
        }
        self.object = object
        self.policy = policy
    }

    private func value(_ names: [String]) -> JSONValue? {
        for name in names {
            if let value = object[name] ?? policy[name], !value.isNull { return value }
        }
        return nil
    }

    private func missing(_ names: [String], _ expected: String) -> AnswerProblem {
        .malformed("expected \(expected) at `\(names.first ?? "")`, found \(value(names)?.kind ?? "nothing")")
    }

    /// The first of the names that is there counts, likewise below.
    func optionalDouble(_ names: String...) -> Double? { value(names)?.doubleValue }

    func double(_ names: String...) throws(AnswerProblem) -> Double {
        guard let number = value(names)?.doubleValue else { throw missing(names, "a number") }
        return number
    }

    func integer(_ names: String...) throws(AnswerProblem) -> Int {
        guard let value = value(names), let number = value.integerValue ?? Int(exactly: value.doubleValue ?? .nan)
        else {
            throw missing(names, "an integer")
        }
        return number
    }

    func optionalInteger(_ names: String...) -> Int? { value(names)?.integerValue }

    func bool(_ names: String...) throws(AnswerProblem) -> Bool {
        guard let flag = value(names)?.boolValue else { throw missing(names, "true or false") }
        return flag
    }

    func optionalBool(_ names: String...) -> Bool? { value(names)?.boolValue }

    func string(_ names: String...) throws(AnswerProblem) -> String {
        guard let text = value(names)?.stringValue else { throw missing(names, "a string") }
        return text
    }

    func array(_ names: String...) throws(AnswerProblem) -> [JSONValue] {
        guard let elements = value(names)?.arrayValue else { throw missing(names, "an array") }
        return elements
    }

    func strings(_ names: String...) throws(AnswerProblem) -> [String] {
        guard let elements = value(names)?.arrayValue else { throw missing(names, "an array of strings") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue else { throw missing(names, "an array of strings") }
            texts.append(text)
        }
        return texts
    }

    func integers(_ names: String...) throws(AnswerProblem) -> [Int] {
        guard let elements = value(names)?.arrayValue else { throw missing(names, "an array of integers") }
        var numbers: [Int] = []
        for element in elements {
            guard let number = element.integerValue else { throw missing(names, "an array of integers") }
            numbers.append(number)
        }
        return numbers
    }
}
