/// The four normalisation forms of Unicode Standard Annex 15 as of Unicode 9.0, the version in Hugging Face `tokenizers`.
enum NormalizationForm: String, Sendable, CaseIterable {
    case composed = "NFC"
    case decomposed = "NFD"
    case compatibilityComposed = "NFKC"
    case compatibilityDecomposed = "NFKD"

    private var isComposed: Bool { self == .composed || self == .compatibilityComposed }

    private var isCompatibility: Bool { self == .compatibilityComposed || self == .compatibilityDecomposed }

    /// The scalars of the text in this form, each with the number of old scalars that it replaces.
    ///
    /// A decomposed scalar's first part replaces it and the others are inserted; composing adds up. Parts keep their
    /// numbers when marks are put in order, as in the reference.
    func edits(of scalars: [UInt32]) -> [ScalarEdit] {
        let data = NormalizationData.shared
        var marked = MarkedEdits(capacity: scalars.count)
        for scalar in scalars {
            guard let parts = data.decomposition(of: scalar, isCompatibility: isCompatibility) else {
                marked.append(ScalarEdit(scalar: scalar, replaced: 1), data.combiningClass(of: scalar))
                continue
            }
            for (index, part) in parts.enumerated() {
                marked.append(ScalarEdit(scalar: part, replaced: index == 0 ? 1 : 0), data.combiningClass(of: part))
            }
        }
        marked.putMarksInOrder()
        return isComposed ? marked.composed(data) : marked.edits
    }

    /// Edits with the canonical combining classes of their scalars.
    private struct MarkedEdits {
        var edits: [ScalarEdit] = []
        var classes: [UInt8] = []

        init(capacity: Int) {
            edits.reserveCapacity(capacity)
            classes.reserveCapacity(capacity)
        }

        mutating func append(_ edit: ScalarEdit, _ combiningClass: UInt8) {
            edits.append(edit)
            classes.append(combiningClass)
        }

        /// Sorts each run of marks by combining class, keeping the order of equal classes.
        mutating func putMarksInOrder() {
            var index = 0
            while index < classes.count {
                if classes[index] == 0 {
                    index += 1
                    continue
                }
                let start = index
                var isSorted = true
                while index < classes.count, classes[index] != 0 {
                    if index > start, classes[index] < classes[index - 1] { isSorted = false }
                    index += 1
                }
                if !isSorted { sort(start..<index) }
            }
        }

        /// A counting sort, linear for runs of any length.
        private mutating func sort(_ run: Range<Int>) {
            var starts = [Int](repeating: 0, count: 257)
            for index in run { starts[Int(classes[index]) + 1] += 1 }
            for combiningClass in 1...256 { starts[combiningClass] += starts[combiningClass - 1] }
            let old = (edits: Array(edits[run]), classes: Array(classes[run]))
            for (edit, combiningClass) in zip(old.edits, old.classes) {
                let position = run.lowerBound + starts[Int(combiningClass)]
                edits[position] = edit
                classes[position] = combiningClass
                starts[Int(combiningClass)] += 1
            }
        }

        func composed(_ data: NormalizationData) -> [ScalarEdit] {
            var result: [ScalarEdit] = []
            result.reserveCapacity(edits.count)
            var starter: Int?
            var lastClass: UInt8 = 0
            for (edit, combiningClass) in zip(edits, classes) {
                if let starter, lastClass < combiningClass || starter == result.count - 1,
                    let composite = data.composite(result[starter].scalar, edit.scalar)
                {
                    result[starter].scalar = composite
                    result[starter].replaced += edit.replaced
                    continue
                }
                result.append(edit)
                if combiningClass == 0 { starter = result.count - 1 }
                lastClass = combiningClass
            }
            return result
        }
    }
}
