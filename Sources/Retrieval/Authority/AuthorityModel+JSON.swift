import Primitives
import Storage

/// The table as a file: the members of the built-in one, of which a file names all that differ, and its version always.
extension AuthorityModel {
    public var json: JSONValue {
        [
            "version": .string(version),
            "weights": [
                "publisher": .number(publisherWeight), "design": .number(designWeight),
                "recency": .number(recencyWeight),
            ],
            "recency_half_life_years": .number(recencyHalfLife),
            "publisher_class": Self.table(publisherClasses), "evidence_level": Self.table(evidenceLevels),
            "doc_type": Self.table(documentTypes), "status": Self.table(statuses),
            "unknown": [
                "publisher": .number(unknownPublisher), "design": .number(unknownDesign),
                "recency": .number(unknownRecency),
            ],
        ]
    }

    /// Reads a table.
    /// - Throws: the first member that is not known or out of range.
    public init(path: String) throws(RetrievalError) {
        let json: JSONValue
        do {
            json = try JSONValue.parse(try FileStore.read(path))
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .invalidConfiguration(name: path, value: "“\(error)”", expected: "a JSON object")
        }
        try self.init(json: json, name: path)
    }

    init(json: JSONValue, name: String) throws(RetrievalError) {
        self = .standard
        guard let object = json.objectValue, let version = json["version"]?.stringValue, !version.isEmpty else {
            throw .invalidConfiguration(
                name: "\(name), version", value: json["version"]?.text ?? "missing",
                expected: "a text that names this table in results")
        }
        self.version = version
        for (key, value) in object.members where key != "version" {
            let place = "\(name), \(key)"
            switch key {
            case "weights", "unknown":
                for (part, number) in try Self.members(value, place) {
                    let share = try Self.share(number, "\(place).\(part)")
                    switch (key, part) {
                    case ("weights", "publisher"): publisherWeight = share
                    case ("weights", "design"): designWeight = share
                    case ("weights", "recency"): recencyWeight = share
                    case ("unknown", "publisher"): unknownPublisher = share
                    case ("unknown", "design"): unknownDesign = share
                    case ("unknown", "recency"): unknownRecency = share
                    default:
                        throw .invalidConfiguration(
                            name: place, value: "“\(part)”", expected: "publisher, design or recency")
                    }
                }
            case "recency_half_life_years":
                guard let years = value.doubleValue, years.isFinite, years > 0 else {
                    throw .invalidConfiguration(name: place, value: value.text, expected: "a number of years above 0")
                }
                recencyHalfLife = years
            case "publisher_class": try Self.read(value, place, into: &publisherClasses)
            case "evidence_level": try Self.read(value, place, into: &evidenceLevels)
            case "doc_type": try Self.read(value, place, into: &documentTypes)
            case "status": try Self.read(value, place, into: &statuses)
            default:
                throw .invalidConfiguration(
                    name: name, value: "“\(key)”",
                    expected: AuthorityModel.standard.json.objectValue?.keys.joined(separator: ", ") ?? "")
            }
        }
    }

    private static func table<Word: RawRepresentable & CaseIterable & Hashable>(_ table: [Word: Double]) -> JSONValue
    where Word.RawValue == String {
        var object = JSONObject()
        for word in Word.allCases { object[word.rawValue] = table[word].map { .number($0) } }
        return .object(object)
    }

    private static func members(
        _ value: JSONValue, _ place: String
    ) throws(RetrievalError) -> [(key: String, value: JSONValue)] {
        guard let object = value.objectValue else {
            throw .invalidConfiguration(name: place, value: value.text, expected: "an object of numbers")
        }
        return object.members
    }

    private static func share(_ value: JSONValue, _ place: String) throws(RetrievalError) -> Double {
        guard let number = value.doubleValue, (0...1).contains(number) else {
            throw .invalidConfiguration(name: place, value: value.text, expected: "a number from 0 to 1")
        }
        return number
    }

    private static func read<Word: RawRepresentable & CaseIterable & Hashable>(
        _ value: JSONValue, _ place: String, into table: inout [Word: Double]
    ) throws(RetrievalError) where Word.RawValue == String {
        for (key, number) in try members(value, place) {
            guard let word = Word(rawValue: key) else {
                throw .invalidConfiguration(
                    name: place, value: "“\(key)”",
                    expected: "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
            }
            table[word] = try share(number, "\(place).\(key)")
        }
    }
}
