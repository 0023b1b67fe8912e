/// One byte for every Unicode scalar, laid out once for each process.
///
/// Kept as pointers that are never freed, so that a look-up costs no reference counting and no bounds check.
enum ScalarTables {
    static let scalarCount = 0x110000

    /// The ``ScalarClass`` of each scalar.
    nonisolated(unsafe) static let classes: UnsafePointer<ScalarClass> = table(of: ScalarClass.other) { $0 }

    /// The ``CharacterClass`` of each scalar.
    nonisolated(unsafe) static let sets: UnsafePointer<CharacterClass> = table(of: []) { CharacterClass($0) }

    private static func table<Entry>(of rest: Entry, _ entry: (ScalarClass) -> Entry) -> UnsafePointer<Entry> {
        let alternatingCases: UInt32 = 14
        let table = UnsafeMutablePointer<Entry>.allocate(capacity: scalarCount)
        table.initialize(repeating: rest, count: scalarCount)
        let upper = entry(.uppercaseLetter)
        let lower = entry(.lowercaseLetter)
        var position = 0
        for run in UnicodeRanges.classes {
            let count = Int(run >> 4)
            if let scalarClass = ScalarClass(rawValue: UInt8(run & 15)) {
                (table + position).update(repeating: entry(scalarClass), count: count)
            } else if run & 15 == alternatingCases {
                for offset in 0..<count { table[position + offset] = offset & 1 == 0 ? upper : lower }
            }
            position += count
        }
        return UnsafePointer(table)
    }
}
