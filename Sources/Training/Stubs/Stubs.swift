import Backends

public protocol ReferencePolicy: Sendable { func logprobs(_ datums: [Datum]) async throws -> [[Float]] }
