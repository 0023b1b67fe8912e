import Testing

@testable import Synthesis

struct NameLeakTests {
    @Test(arguments: [
        ("What is the gene that causes long QT syndrome 1?", "long QT syndrome", true),
        ("What is the gene that causes Long-QT syndrome?", "long qt syndrome", true),
        ("What is the cytoband of SCN5A?", "SCN5", false),
        ("What is the cytoband of SCN5A?", "scn5a", true),
        ("Name the disease treated by Iron.", "iron", true),
        ("Name the gene at 9q34.1.", "9q34", true),
        ("Name the gene at 9q34.", "9q34.1", false),
        ("Name the gene at 9q34.", "…", false),
    ]) func comparesWholeWords(text: String, name: String, leaks: Bool) {
        #expect(NameLeak(text: text).contains(name) == leaks)
    }
}
