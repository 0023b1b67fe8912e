import Primitives

/// The types and presets, listed for a person.
public enum TypeCatalogue {
    public static var text: String {
        let types = AnswerType.allCases.map(\.rawValue).joined(separator: ", ")
        let presets = GradingPresets.all.sorted { $0.name < $1.name }
        let width = presets.map(\.name.count).max() ?? 0
        let rows = presets.map { preset in
            let padding = String(repeating: " ", count: width - preset.name.count)
            return "  \(preset.name)\(padding)  \(preset.meaning)\(settings(preset))\n"
        }
        return "types: \(types)\n\npresets:\n" + rows.joined()
    }

    private static func settings(_ preset: GradingPreset) -> String {
        guard case .answer(let type, let policy) = preset.method else { return " (check)" }
        return " (\(type.rawValue)\(policy.isEmpty ? "" : " " + JSONValue.object(policy).text))"
    }
}
