/// All presets by name.
public enum GradingPresets {
    public static let all: [GradingPreset] =
        GradingPreset.mathematicsPresets + GradingPreset.numberPresets + GradingPreset.quantityPresets
        + GradingPreset.clinicalPresets + GradingPreset.namePresets + GradingPreset.structuredPresets
        + GradingPreset.compositePresets + GradingPreset.extractionPresets

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// The preset of a name; a reasoning-gym data set without a preset of its own is graded by what its gold looks like.
    public static func named(_ name: String, gold: String = "") -> GradingPreset? {
        byName[name] ?? (name.hasPrefix("rg_") ? .reasoningGym(gold: gold) : nil)
    }
}
