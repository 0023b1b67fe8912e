/// The assignment of two lists' elements to each other, one to one, with the greatest sum of scores.
enum SpanAlignment {
    static let maximumSpans = 64

    /// The greatest sum for a matrix of scores from 0 to 1, by the Hungarian method with potentials (Kuhn 1955; Jonker
    /// and Volgenant 1987) in cubic time.
    static func bestSum(_ scores: [[Double]]) -> Double {
        let size = max(scores.count, scores.first?.count ?? 0)
        guard size > 0 else { return 0 }
        func cost(_ row: Int, _ column: Int) -> Double {
            row < scores.count && column < scores[row].count ? -scores[row][column] : 0
        }
        // Row and column 0 stand for nothing, so that the loops need no special case.
        var rowPotential = [Double](repeating: 0, count: size + 1)
        var columnPotential = [Double](repeating: 0, count: size + 1)
        var rowOfColumn = [Int](repeating: 0, count: size + 1)
        var previous = [Int](repeating: 0, count: size + 1)
        for row in 1...size {
            rowOfColumn[0] = row
            var column = 0
            var slack = [Double](repeating: .infinity, count: size + 1)
            var isUsed = [Bool](repeating: false, count: size + 1)
            repeat {
                isUsed[column] = true
                let current = rowOfColumn[column]
                var (delta, next) = (Double.infinity, 0)
                for candidate in 1...size where !isUsed[candidate] {
                    let reduced =
                        cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
                    if reduced < slack[candidate] {
                        slack[candidate] = reduced
                        previous[candidate] = column
                    }
                    if slack[candidate] < delta { (delta, next) = (slack[candidate], candidate) }
                }
                for candidate in 0...size {
                    if isUsed[candidate] {
                        rowPotential[rowOfColumn[candidate]] += delta
                        columnPotential[candidate] -= delta
                    } else {
                        slack[candidate] -= delta
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            repeat {
                rowOfColumn[column] = rowOfColumn[previous[column]]
                column = previous[column]
            } while column != 0
        }
        var sum = 0.0
        for column in 1...size { sum -= cost(rowOfColumn[column] - 1, column - 1) }
        return sum
    }
}
