/// An object's members in the order in which they were written; keys are unique.
///
/// Keys are the same when their UTF-8 bytes are, which is stricter than `String` equality (canonical equivalence).
/// Look-ups are linear: read a large object (a vocabulary, say) through ``members``.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public private(set) var members: [(key: String, value: JSONValue)]

    public init() { members = [] }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = []
        for (key, value) in elements { self[key] = value }
    }

    /// Takes the members as they are, in linear time. A repeated key is a programming error.
    public init(uniqueKeysWithValues members: [(key: String, value: JSONValue)]) {
        self.members = []
        self.members.reserveCapacity(members.count)
        var keys = UniqueKeys()
        for member in members {
            precondition(keys.insert(member.key, into: self.members), "the key `\(member.key)` is written twice")
            self.members.append(member)
        }
    }

    /// For the parser, which has checked the keys already.
    init(checkedMembers: [(key: String, value: JSONValue)]) { members = checkedMembers }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// Reads a member, replaces it in place, appends it, or (with `nil`) removes it. Linear in the number of members.
    public subscript(key: String) -> JSONValue? {
        get { members.first { Self.isSame($0.key, key) }?.value }
        set {
            if let index = members.firstIndex(where: { Self.isSame($0.key, key) }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append((key, newValue))
            }
        }
    }

    static func isSame(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }

    /// Equal when the same members stand in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { isSame($0.key, $1.key) && $0.value == $1.value }
    }

    public func hash(into hasher: inout Hasher) {
        for member in members {
            hasher.combine(member.key)
            hasher.combine(member.value)
        }
    }

    /// Finds repeated keys while an object grows: by comparing while it is small, through a set once it is not.
    struct UniqueKeys {
        private static let linearLimit = 12
        private var seen: Set<String> = []

        /// Whether `key` is new to `members`, to which the caller appends it afterwards.
        mutating func insert(_ key: String, into members: [(key: String, value: JSONValue)]) -> Bool {
            guard members.count >= Self.linearLimit else { return !Self.holds(members, key) }
            if seen.isEmpty { for member in members { seen.insert(member.key) } }
            // The set is coarser than the bytes (canonical equivalence), so only a hit needs the exact comparison.
            return seen.insert(key).inserted || !Self.holds(members, key)
        }

        private static func holds(_ members: [(key: String, value: JSONValue)], _ key: String) -> Bool {
            members.contains { JSONObject.isSame($0.key, key) }
        }
    }
}
