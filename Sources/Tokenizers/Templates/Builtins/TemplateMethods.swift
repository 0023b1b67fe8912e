/// The names that Python's types have, by what this interpreter makes of them.
struct TemplateMethods {
    var supported: Set<String>
    /// Those that the immutable sandbox hides: reading one gives an undefined value.
    var refused: Set<String> = []
    /// Those that are not implemented.
    var others: Set<String> = []

    static let text = TemplateMethods(
        supported: [
            "capitalize", "center", "count", "endswith", "find", "format", "index", "isalnum", "isalpha", "isascii",
            "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "isupper", "join", "ljust", "lower", "lstrip",
            "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit",
            "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "zfill",
        ],
        others: [
            "casefold", "encode", "expandtabs", "format_map", "isidentifier", "isprintable", "istitle", "maketrans",
            "translate",
        ])

    static let list = TemplateMethods(
        supported: ["index", "count", "copy"],
        refused: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"])

    static let tuple = TemplateMethods(supported: ["index", "count"])

    static let dictionary = TemplateMethods(
        supported: ["items", "keys", "values", "get", "copy"],
        refused: ["clear", "pop", "popitem", "setdefault", "update"], others: ["fromkeys"])

    static let numberAttributes: Set = [
        "real", "imag", "numerator", "denominator", "conjugate", "bit_length", "bit_count", "to_bytes", "from_bytes",
        "as_integer_ratio", "is_integer", "hex", "fromhex",
    ]
}
