import Primitives

extension JSONValue {
    /// Refuses an object with a member that is not in the list.
    ///
    /// - Parameter path: the object's, for errors; empty for the body itself.
    func refuseUnknownMembers(_ known: Set<String>, path: String) throws(ServiceError) {
        guard let object = objectValue else { return }
        for key in object.keys where !known.contains(key) {
            let place = path.isEmpty ? key : "\(path).\(key)"
            throw .invalid("`\(place)` is unknown; known are \(known.sorted().joined(separator: ", "))")
        }
    }
}

/// The members of the requests of the Tinker API, nested ones apart. A body with any other member is refused, so that a
/// misspelt option is never silently without effect.
enum RequestFields {
    private static let known: [String: Set<String>] = [
        "client/config": ["sdk_version"],
        "client/dynamic_config": ["sdk_version"],
        "create_session": ["tags", "user_metadata", "sdk_version", "project_id", "display_name", "type"],
        "session_heartbeat": ["session_id", "type"],
        "create_model": [
            "session_id", "model_seq_id", "base_model", "user_metadata", "lora_config", "optimizer_config", "type",
        ],
        "get_info": ["model_id", "type"],
        "unload_model": ["model_id", "type"],
        "weights_info": ["tinker_path", "weights_access_token"],
        "create_sampling_session": ["session_id", "sampling_session_seq_id", "base_model", "model_path", "type"],
        "join_sampling_session": ["sampling_session_id", "type"],
        "asample": [
            "num_samples", "prompt", "sampling_params", "base_model", "model_path", "sampling_session_id", "seq_id",
            "prompt_logprobs", "topk_prompt_logprobs", "topk_sample_logprobs", "target_prompt_logprobs",
            "prompt_alt_tokens_k", "prompt_logprobs_last_n", "record_stability_info", "type",
        ],
        "forward": ["forward_input", "model_id", "seq_id", "type"],
        "forward_backward": ["forward_backward_input", "model_id", "seq_id", "type"],
        "optim_step": ["adam_params", "optimizer_params", "model_id", "seq_id", "type"],
        "save_weights": [
            "model_id", "path", "seq_id", "ttl_seconds", "overwrite", "user_metadata", "type",
        ],
        "save_weights_for_sampler": [
            "model_id", "path", "seq_id", "ttl_seconds", "overwrite", "user_metadata", "sampling_session_seq_id",
            "kind", "until_closed", "type",
        ],
        "load_weights": [
            "model_id", "seq_id", "path", "optimizer", "weights_access_token", "session_id", "model_seq_id",
            "base_model", "user_metadata", "optimizer_config", "type",
        ],
        "retrieve_future": ["request_id", "allow_metadata_only", "model_id", "type"],
        "retrieve_futures": ["target", "prev_cursor", "timeout", "retrieved_request_ids", "type"],
        "cancel_future": ["request_id", "type"],
    ]

    /// Refuses members that the endpoint does not have; endpoints that are not listed take any.
    static func check(_ body: JSONValue, path: String) throws(ServiceError) {
        guard let known = known[path] else { return }
        try body.refuseUnknownMembers(known, path: "")
    }
}
