/// The version of this tool, written to manifests and lock files.
public enum ToolVersion {
    public static let current = "0.1.0"
}
