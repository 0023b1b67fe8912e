/// The shape of a tensor of `loss_fn_inputs`: one number for every token, or, for losses with several targets per token, a
/// row of them.
struct LossTensorShape: Equatable, CustomStringConvertible {
    /// The most targets of one token. Sparse tensors are small however wide they are, so there has to be a limit.
    static let maximumColumns = 128

    /// The tokens of `model_input`.
    var rows: Int
    /// The targets of each token; `nil` of a tensor with one dimension.
    var columns: Int?

    var count: Int { rows * (columns ?? 1) }
    var dimensions: [Int] { [rows] + (columns.map { [$0] } ?? []) }
    var description: String { Self.text(dimensions.map(Int64.init)) }

    static func text(_ dimensions: [Int64]) -> String { "[\(dimensions.map(String.init).joined(separator: ", "))]" }

    init(rows: Int, columns: Int? = nil) {
        self.rows = rows
        self.columns = columns
    }

    /// - Parameters:
    ///   - stated: what the tensor says of itself.
    ///   - rows: the tokens of `model_input`.
    ///   - takesColumns: whether the loss takes several targets per token, and this is a tensor of them.
    ///   - path: the tensor's, for errors.
    init(_ stated: [Int64], rows: Int, takesColumns: Bool, path: String) throws(ServiceError) {
        if stated == [Int64(rows)] {
            self.init(rows: rows)
            return
        }
        guard takesColumns else {
            throw .invalid(
                "`\(path).shape` is \(Self.text(stated)); expected [\(rows)], one number per token of model_input "
                    + "(cross_entropy alone takes [\(rows), K], of target_tokens and weights)")
        }
        guard stated.count == 2, stated[0] == Int64(rows), 1...Int64(Self.maximumColumns) ~= stated[1] else {
            throw .invalid(
                "`\(path).shape` is \(Self.text(stated)); expected [\(rows)], as model_input has tokens, or [\(rows), K] "
                    + "with K from 1 to \(Self.maximumColumns)")
        }
        self.init(rows: rows, columns: Int(stated[1]))
    }

    /// The rows of a matrix in compressed sparse row form, one after the other; what it does not list is `zero`.
    ///
    /// - Parameters:
    ///   - starts: where each row begins in `values`, and their end.
    ///   - places: the column of each value; ascending in a row.
    func dense<Value>(
        _ values: [Value], starts: [Int64], places: [Int64], zero: Value, path: String
    ) throws(ServiceError) -> [Value] {
        guard let columns else {
            throw .invalid("`\(path)` is sparse and has the shape \(self); sparse tensors have two dimensions")
        }
        guard places.count == values.count else {
            throw .invalid("`\(path)` is sparse, with \(values.count) values and \(places.count) column indices")
        }
        guard starts.count == rows + 1, starts.first == 0, starts.last == Int64(values.count),
            zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw .invalid(
                "the row pointers of the sparse `\(path)` should be \(rows + 1) ascending numbers from 0 to \(values.count)"
            )
        }
        var matrix = [Value](repeating: zero, count: count)
        for row in 0..<rows {
            var last: Int64 = -1
            for index in Int(starts[row])..<Int(starts[row + 1]) {
                let place = places[index]
                guard place > last, place < Int64(columns) else {
                    throw .invalid(
                        "column index \(index) of the sparse `\(path)` is \(place); expected ascending ones below \(columns)"
                    )
                }
                matrix[row * columns + Int(place)] = values[index]
                last = place
            }
        }
        return matrix
    }
}

/// The elements of a tensor of `loss_fn_inputs`, row by row, and its shape.
struct LossTensor<Value> {
    var elements: [Value]
    var shape: LossTensorShape
}
