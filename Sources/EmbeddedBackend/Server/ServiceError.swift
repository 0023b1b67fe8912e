import Primitives

/// A refused or failed request: the status of the answer and a sentence for its `detail` or `error`.
struct ServiceError: Error, Hashable, CustomStringConvertible {
    var status: Int
    var description: String

    static func invalid(_ detail: String) -> ServiceError { ServiceError(status: 400, description: detail) }
    static func unknown(_ detail: String) -> ServiceError { ServiceError(status: 404, description: detail) }
    static func conflict(_ detail: String) -> ServiceError { ServiceError(status: 409, description: detail) }
    static func gone(_ detail: String) -> ServiceError { ServiceError(status: 410, description: detail) }
    static func failed(_ detail: String) -> ServiceError { ServiceError(status: 500, description: detail) }

    /// The body of an answer with ``status``.
    var body: JSONValue { ["detail": .string(description)] }

    /// The result of a promise that failed.
    var promiseResult: JSONValue {
        ["error": .string(description), "category": status < 500 ? "user" : "server"]
    }
}

extension ServiceError {
    /// What a client is told of any error.
    init(_ error: any Error) {
        self =
            switch error {
            case let error as ServiceError: error
            case let error as EngineError: error.serviceError
            default: .failed(String(describing: error))
            }
    }

    /// Runs `read`, turning what is wrong with the request's JSON into an answer with status 400.
    static func reading<Value>(_ read: () throws(JSONError) -> Value) throws(ServiceError) -> Value {
        do { return try read() } catch { throw .invalid(error.description) }
    }
}
