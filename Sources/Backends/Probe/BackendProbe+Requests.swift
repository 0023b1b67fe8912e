/// What a server does with repeated and with impossible requests.
extension BackendProbe {
    func measureRepetition() async throws(BackendError) {
        let outcome = try await model.attempt { trainer throws(BackendError) in
            try await trainer.repeatedSubmission([ProbeData.supervised()])
        }
        await model.discard()
        switch outcome {
        case .success((let first, let second)):
            let isIdempotent = first == second
            record.note(
                .idempotent,
                .measured("a repeated seq_id got " + (isIdempotent ? "the same promise" : "a promise of its own"))
            ) { $0.isIdempotent = isIdempotent }
        case .failure(let error):
            record.note(
                .idempotent, .measured("a repeated seq_id was refused (\(error)), so that repeats cannot be told")
            ) {
                $0.isIdempotent = false
            }
        }
    }

    func measureErrors() async throws(BackendError) {
        let outcome = try await model.attempt { trainer throws(BackendError) in
            try await trainer.loadState(from: "tinker://no-such-model/weights/no-such-checkpoint")
        }
        await model.discard()
        guard case .failure(let error) = outcome else {
            return record.note(.errorStyle, .assumed("loading weights that do not exist was no error"))
        }
        let style: BackendProfile.ErrorStyle =
            switch error {
            case .failed: .errorObject
            case .rejected(_, 400, _): .status400
            case .rejected(_, 404, _): .status404
            case .rejected(_, 422, _): .status422
            default: .other
            }
        record.note(.errorStyle, .measured("weights that do not exist: \(error)")) { $0.errorStyle = style }
    }
}
