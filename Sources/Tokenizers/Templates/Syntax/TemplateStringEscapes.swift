/// The escapes in string literals, which Jinja resolves with Python's codec `unicode-escape`.
enum TemplateStringEscapes {
    struct Malformation: Error {
        var text: String
    }

    static func resolve(_ source: ArraySlice<Unicode.Scalar>) throws(Malformation) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(source.count)
        var index = source.startIndex
        while index < source.endIndex {
            let scalar = source[index]
            index += 1
            guard scalar == "\\" else {
                result.append(scalar)
                continue
            }
            guard index < source.endIndex else { throw Malformation(text: "a string that ends in a backslash") }
            let escape = source[index]
            index += 1
            switch escape {
            case "\n": break
            case "\\", "'", "\"": result.append(escape)
            case "a": result.append("\u{7}")
            case "b": result.append("\u{8}")
            case "t": result.append("\t")
            case "n": result.append("\n")
            case "v": result.append("\u{b}")
            case "f": result.append("\u{c}")
            case "r": result.append("\r")
            case "0"..."7":
                var value = escape.value - 48
                for _ in 0..<2 {
                    guard index < source.endIndex, ("0"..."7").contains(source[index]) else { break }
                    value = value * 8 + source[index].value - 48
                    index += 1
                }
                result.append(try scalarValue(value))
            case "x": result.append(try hexadecimal(source, &index, count: 2))
            case "u": result.append(try hexadecimal(source, &index, count: 4))
            case "U": result.append(try hexadecimal(source, &index, count: 8))
            case "N": throw Malformation(text: "the escape `\\N` is not supported")
            default:
                result.append("\\")
                result += escape.isASCII ? [escape] : Array(spelling(escape).unicodeScalars)
            }
        }
        return result
    }

    /// Jinja first writes scalars beyond ASCII as escapes, whose backslash a backslash before them then takes away.
    private static func spelling(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return letter + String(repeating: "0", count: width - digits.count) + digits
    }

    private static func hexadecimal(
        _ source: ArraySlice<Unicode.Scalar>, _ index: inout Int, count: Int
    ) throws(Malformation) -> Unicode.Scalar {
        let digits = source[index...].prefix(count)
        guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit }),
            let value = UInt32(TemplateText.string(digits), radix: 16)
        else { throw Malformation(text: "an escape with fewer than \(count) hexadecimal digits") }
        index += count
        return try scalarValue(value)
    }

    private static func scalarValue(_ value: UInt32) throws(Malformation) -> Unicode.Scalar {
        guard let scalar = Unicode.Scalar(value) else { throw Malformation(text: "an escape of no Unicode scalar") }
        return scalar
    }
}
