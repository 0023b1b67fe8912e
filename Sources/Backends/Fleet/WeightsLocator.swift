/// Where the fleet finds weights that the trainer has saved under a `tinker://` reference.
public struct WeightsLocator: Sendable {
    private let locate: @Sendable (_ reference: String) -> String?
    private let hint: String

    /// - Parameters:
    ///   - hint: what to change where a reference cannot be located.
    ///   - locate: the directory as the fleet's machines see it, or `nil`.
    public init(hint: String, locate: @escaping @Sendable (_ reference: String) -> String?) {
        self.hint = hint
        self.locate = locate
    }

    /// A template such as `/mnt/weights/{model}/{name}`: `{model}` is the reference's first part, `{name}` its last, `{path}`
    /// all of it after `tinker://`. A text without placeholders stands for `TEXT/{path}`.
    public init(template: String) {
        self.init(
            hint: "`sampler.weights_directory` (\(template)) expects a reference of the form tinker://MODEL/…/NAME"
        ) { reference in
            guard let path = Self.path(of: reference) else { return nil }
            let parts = path.split(separator: "/").map(String.init)
            guard let model = parts.first, let name = parts.last else { return nil }
            var base = Substring(template)
            while base.count > 1, base.hasSuffix("/") { base.removeLast() }
            if !template.contains("{") { return "\(base)/\(path)" }
            return String(base).replacing("{model}", with: model).replacing("{name}", with: name)
                .replacing("{path}", with: path)
        }
    }

    func directory(of reference: String) throws(FleetError) -> String {
        guard let directory = locate(reference) else {
            throw .weightsNotFound(reference: reference, detail: hint)
        }
        return directory
    }

    /// What follows `tinker://`, where none of its parts would climb out of a directory.
    private static func path(of reference: String) -> String? {
        let scheme = "tinker://"
        guard reference.hasPrefix(scheme) else { return nil }
        let path = reference.dropFirst(scheme.count)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        return String(path)
    }
}
