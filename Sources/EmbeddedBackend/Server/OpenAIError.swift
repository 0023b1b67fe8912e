import Primitives

/// A refusal in the shape of OpenAI's API.
struct OpenAIError: Error, Equatable {
    var status: Int
    var message: String
    /// The member of the request that is wrong.
    var parameter: String?
    var code: String?

    static let unauthorised = OpenAIError(
        status: 401, message: "the Authorization header should be `Bearer KEY` with the key that this server printed",
        code: "invalid_api_key")

    static func invalid(_ message: String, _ parameter: String? = nil) -> OpenAIError {
        OpenAIError(status: 400, message: message, parameter: parameter)
    }

    var body: JSONValue {
        [
            "error": [
                "message": .string(message),
                "type": status == 401
                    ? "authentication_error" : status < 500 ? "invalid_request_error" : "server_error",
                "param": parameter.map(JSONValue.string) ?? .null, "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }

    var response: ServerResponse { ServerResponse(status: status, body: body.serialized()) }
}

extension OpenAIError {
    init(_ error: any Error) {
        if let error = error as? OpenAIError {
            self = error
        } else {
            let error = ServiceError(error)
            self.init(status: error.status, message: error.description)
        }
    }
}
