import Primitives

/// What a sequence must respect to be computed by a model.
struct ModelLimits: Sendable, Equatable {
    var vocabularySize: Int
    var maximumPositions: Int
}

/// Reads `forward_backward_input` and `forward_input`, and refuses whatever the engine could not compute exactly as
/// asked. Every error names the datum, the field and, for a bad element, its position.
struct TrainingBatchDecoder {
    let limits: ModelLimits
    /// `forward_input` or `forward_backward_input`.
    let member: String
    /// Whether a gradient is wanted; a mere forward pass needs only the targets.
    let trains: Bool

    func decode(_ body: JSONValue) throws(ServiceError) -> TrainingBatch {
        guard let input = body[member], input.objectValue != nil else {
            throw .invalid("`\(member)` should be an object with `data`, `loss_fn` and perhaps `loss_fn_config`")
        }
        try input.refuseUnknownMembers(["data", "loss_fn", "loss_fn_config"], path: member)
        let loss = try loss(of: input)
        guard let data = input["data"]?.arrayValue, !data.isEmpty else {
            throw .invalid("`\(member).data` should be an array of at least one datum")
        }
        var sequences: [TrainingSequence] = []
        var columns: [Int?] = []
        sequences.reserveCapacity(data.count)
        for (index, datum) in data.enumerated() {
            let read = try sequence(from: datum, path: "\(member).data[\(index)]", loss: loss)
            sequences.append(read.sequence)
            columns.append(read.columns)
        }
        return TrainingBatch(sequences: sequences, loss: loss, columns: columns)
    }

    private func loss(of input: JSONValue) throws(ServiceError) -> DecoderLoss {
        guard let name = input["loss_fn"]?.stringValue else {
            throw .invalid("`\(member).loss_fn` should be the name of a loss")
        }
        let settings = input["loss_fn_config"] ?? .null
        guard settings == .null || settings.objectValue != nil else {
            throw .invalid("`\(member).loss_fn_config` should be an object, but is \(settings.kind)")
        }
        var numbers: [(key: String, value: Double)] = []
        for (key, value) in settings.objectValue?.members ?? [] {
            guard let number = value.doubleValue else {
                throw .invalid("`\(member).loss_fn_config.\(key)` should be a number, but is \(value.text)")
            }
            numbers.append((key, number))
        }
        return try LossSettings.loss(named: name, settings: numbers, path: member + ".")
    }

    // MARK: Datum

    private func sequence(
        from datum: JSONValue, path: String, loss: DecoderLoss
    ) throws(ServiceError) -> (sequence: TrainingSequence, columns: Int?) {
        let assembler = SequenceAssembler(limits: limits, trains: trains)
        let input = try TokenDecoder(limits: limits).modelInput(datum["model_input"], path: path + ".model_input")
        try datum.refuseUnknownMembers(["model_input", "loss_fn_inputs"], path: path)
        try assembler.checkLength(input, path: path)
        guard let fields = datum["loss_fn_inputs"]?.objectValue else {
            throw .invalid("`\(path).loss_fn_inputs` should be an object of tensors")
        }
        for member in fields.members where !SequenceAssembler.fields.contains(member.key) {
            throw SequenceAssembler.unknownField(member.key, path: path)
        }
        let reader = Reader(fields: fields, path: path, rows: input.count, loss: loss)
        return try assembler.sequence(
            tokens: input, targets: try tokens("target_tokens", reader), weights: try floats("weights", reader),
            logprobs: try floats("logprobs", reader), advantages: try floats("advantages", reader), loss: loss,
            path: path)
    }

    // MARK: Tensors

    /// Where the tensors of a datum are read.
    private struct Reader {
        var fields: JSONObject
        /// The datum's.
        var path: String
        var rows: Int
        var loss: DecoderLoss
    }

    private func tokens(_ name: String, _ reader: Reader) throws(ServiceError) -> LossTensor<Int32>? {
        try tensor(name, reader, type: "int64", zero: 0) { (data, path) throws(ServiceError) in
            try TokenDecoder(limits: limits).tokens(data, path: path)
        }
    }

    private func floats(_ name: String, _ reader: Reader) throws(ServiceError) -> LossTensor<Float>? {
        try tensor(name, reader, type: "float32", zero: 0) { (data, path) throws(ServiceError) in
            guard let values = data.floatsValue else { throw .invalid("`\(path)` should be an array of numbers") }
            if let bad = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalid("`\(path)[\(bad)]` does not fit a finite float32")
            }
            return values
        }
    }

    /// A tensor in dense or in compressed sparse row form; `nil` where there is none.
    ///
    /// - Parameter elements: reads and checks the array `data`.
    private func tensor<Value>(
        _ name: String, _ reader: Reader, type: String, zero: Value,
        elements: (_ data: JSONValue, _ path: String) throws(ServiceError) -> [Value]
    ) throws(ServiceError) -> LossTensor<Value>? {
        let path = "\(reader.path).loss_fn_inputs.\(name)"
        guard let tensor = reader.fields[name], tensor != .null else { return nil }
        try tensor.refuseUnknownMembers(
            ["data", "dtype", "shape", "sparse_crow_indices", "sparse_col_indices"], path: path)
        if let stated = tensor["dtype"]?.stringValue, stated != type {
            throw .invalid("`\(path).dtype` is \(stated); expected \(type)")
        }
        var shape = LossTensorShape(rows: reader.rows)
        if let stated = tensor["shape"], stated != .null {
            shape = try LossTensorShape(
                try integers(stated, path: path + ".shape"), rows: reader.rows,
                takesColumns: SequenceAssembler.takesColumns(name, loss: reader.loss), path: path)
        }
        guard let data = tensor["data"], let list = data.arrayValue else {
            throw .invalid("`\(path).data` should be an array of \(shape.count) elements")
        }
        let sparse = ["sparse_crow_indices", "sparse_col_indices"].filter { tensor[$0] ?? .null != .null }
        guard sparse.isEmpty else {
            let starts = try integers(tensor["sparse_crow_indices"], path: path + ".sparse_crow_indices")
            let places = try integers(tensor["sparse_col_indices"], path: path + ".sparse_col_indices")
            let values = try elements(data, path + ".data")
            return LossTensor(
                elements: try shape.dense(values, starts: starts, places: places, zero: zero, path: path), shape: shape)
        }
        guard list.count == shape.count else {
            throw .invalid(
                "`\(path).data` has \(list.count) elements; model_input has \(reader.rows) tokens"
                    + (shape.columns.map { " of \($0) targets" } ?? ""))
        }
        return LossTensor(elements: try elements(data, path + ".data"), shape: shape)
    }

    private func integers(_ value: JSONValue?, path: String) throws(ServiceError) -> [Int64] {
        let integers = value?.arrayValue?.map(\.integerValue) ?? [nil]
        guard !integers.contains(nil) else { throw .invalid("`\(path)` should be an array of integers") }
        return integers.compactMap { $0 }.map(Int64.init)
    }
}
