import Primitives

/// The part of a list that a request asks for with `limit` and `offset`.
struct Page: Equatable {
    static let maximumLimit = 1000

    var offset = 0
    var limit = 100

    init(query: [String: String]) throws(ServiceError) {
        func read(_ name: String, _ fallback: Int, _ range: ClosedRange<Int>) throws(ServiceError) -> Int {
            guard let text = query[name] else { return fallback }
            guard let value = Int(text), range.contains(value) else {
                throw .invalid("`\(name)` is \(text); expected \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        offset = try read("offset", 0, 0...Int(Int32.max))
        limit = try read("limit", 100, 1...Self.maximumLimit)
    }

    func cut<Element>(_ list: [Element]) -> [Element] { Array(list.dropFirst(offset).prefix(limit)) }

    func cursor(of list: [some Any]) -> JSONValue {
        ["offset": .integer(offset), "limit": .integer(limit), "total_count": .integer(list.count)]
    }
}
