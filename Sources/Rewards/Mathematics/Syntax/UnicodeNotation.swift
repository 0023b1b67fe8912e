/// Rewrites mathematical characters beyond ASCII as the LaTeX that they stand for.
///
/// The tokenizer then knows one notation only. `offsets` leads back from each byte to the byte of the original.
struct UnicodeNotation {
    private(set) var bytes: [UInt8] = []
    private(set) var offsets: [Int32] = []

    init(_ text: [UInt8]) {
        bytes.reserveCapacity(text.count * 2)
        offsets.reserveCapacity(text.count * 2)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                append(byte, position)
                position += 1
                continue
            }
            let (scalar, length) = Self.decode(text, position)
            if let digit = Self.superscript(scalar) {
                position = appendScripts("^", digit, text, position, Self.superscript)
            } else if let digit = Self.subscripted(scalar) {
                position = appendScripts("_", digit, text, position, Self.subscripted)
            } else if let replacement = Self.replacement(scalar) {
                for byte in replacement.utf8 { append(byte, position) }
                position += length
            } else {
                for offset in 0..<length { append(text[position + offset], position) }
                position += length
            }
        }
    }

    private mutating func append(_ byte: UInt8, _ offset: Int) {
        bytes.append(byte)
        offsets.append(Int32(truncatingIfNeeded: offset))
    }

    /// A run of raised or lowered characters as one exponent or index.
    private mutating func appendScripts(
        _ mark: String, _ first: String, _ text: [UInt8], _ start: Int, _ script: (UInt32) -> String?
    ) -> Int {
        var position = start
        for byte in mark.utf8 { append(byte, position) }
        append(UInt8(ascii: "{"), position)
        while position < text.count, text[position] >= 0x80 {
            let (scalar, length) = Self.decode(text, position)
            guard let character = script(scalar) else { break }
            for byte in character.utf8 { append(byte, position) }
            position += length
        }
        append(UInt8(ascii: "}"), position)
        return position
    }

    /// The scalar value at a position and its length; a byte that starts none stands for itself.
    static func decode(_ text: [UInt8], _ position: Int) -> (UInt32, Int) {
        let first = text[position]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard length > 1, position + length <= text.count else { return (UInt32(first), 1) }
        var scalar = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { scalar = scalar << 6 | UInt32(text[position + offset] & 0x3F) }
        return (scalar, length)
    }

    private static func superscript(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0xB2: "2"
        case 0xB3: "3"
        case 0xB9: "1"
        case 0x2070, 0x2074...0x2079: String(scalar - 0x2070)
        case 0x207A: "+"
        case 0x207B: "-"
        case 0x207D: "("
        case 0x207E: ")"
        case 0x207F: "n"
        case 0x2071: "i"
        case 0x02E3: "x"
        default: nil
        }
    }

    private static func subscripted(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0x2080...0x2089: String(scalar - 0x2080)
        case 0x2090: "a"
        case 0x2091: "e"
        case 0x2092: "o"
        case 0x2093: "x"
        case 0x2099: "n"
        case 0x1D62: "i"
        case 0x2C7C: "j"
        default: nil
        }
    }

    private static let greek = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]

    private static func replacement(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0x3B1...0x3C9: return "\\" + greek[Int(scalar - 0x3B1)] + " "
        case 0x393: return "\\Gamma "
        case 0x394, 0x2206: return "\\Delta "
        case 0x398: return "\\Theta "
        case 0x39B: return "\\Lambda "
        case 0x39E: return "\\Xi "
        case 0x3A0: return "\\Pi "
        case 0x3A3: return "\\Sigma "
        case 0x3A6: return "\\Phi "
        case 0x3A8: return "\\Psi "
        case 0x3A9: return "\\Omega "
        case 0x3D5: return "\\phi "
        case 0x3D1: return "\\vartheta "
        case 0x3F5: return "\\epsilon "
        case 0xB5: return "\\mu "
        case 0x2113: return "\\ell "
        case 0x2202: return "\\partial "
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return " "
        case 0x2010...0x2015, 0x2212, 0xFE63, 0xFF0D: return "-"
        case 0xD7, 0x2715, 0x2A2F: return "\\times "
        case 0xB7, 0x22C5, 0x2219, 0x2217, 0x2022: return "\\cdot "
        case 0xF7: return "\\div "
        case 0x2044, 0x2215: return "/"
        case 0xB1: return "\\pm "
        case 0x2213: return "\\mp "
        case 0x221A: return "\\sqrt "
        case 0x221B: return "\\sqrt[3]"
        case 0x221E: return "\\infty "
        case 0x2264, 0x2A7D, 0x2266: return "\\le "
        case 0x2265, 0x2A7E, 0x2267: return "\\ge "
        case 0x2260: return "\\ne "
        case 0x2248: return "\\approx "
        case 0x2261: return "\\equiv "
        case 0x223C: return "\\sim "
        case 0x222A: return "\\cup "
        case 0x2229: return "\\cap "
        case 0x2216: return "\\setminus "
        case 0x2208: return "\\in "
        case 0x2209: return "\\notin "
        case 0x2205: return "\\emptyset "
        case 0x2282, 0x2286: return "\\subset "
        case 0x2283, 0x2287: return "\\supset "
        case 0x211D: return "\\R "
        case 0x2115: return "\\N "
        case 0x2124: return "\\Z "
        case 0x211A: return "\\Q "
        case 0x2102: return "\\C "
        case 0xB0, 0xBA: return "^\\circ "
        case 0x2032, 0x2019: return "'"
        case 0x2026, 0x22EF: return "\\dots "
        case 0x2227: return "\\land "
        case 0x2228: return "\\lor "
        case 0x2192: return "\\to "
        case 0x21D2: return "\\implies "
        case 0x21D4: return "\\iff "
        case 0x222B: return "\\int "
        case 0x2211: return "\\sum "
        case 0x220F: return "\\prod "
        case 0x2220: return "\\angle "
        case 0x25B3: return "\\triangle "
        case 0x2308: return "\\lceil "
        case 0x2309: return "\\rceil "
        case 0x230A: return "\\lfloor "
        case 0x230B: return "\\rfloor "
        case 0x27E8, 0x2329: return "\\langle "
        case 0x27E9, 0x232A: return "\\rangle "
        case 0x2223: return "\\mid "
        case 0xBC: return "\\frac{1}{4}"
        case 0xBD: return "\\frac{1}{2}"
        case 0xBE: return "\\frac{3}{4}"
        case 0x2153: return "\\frac{1}{3}"
        case 0x2154: return "\\frac{2}{3}"
        case 0x2155...0x2158: return "\\frac{\(scalar - 0x2154)}{5}"
        case 0x2159: return "\\frac{1}{6}"
        case 0x215A: return "\\frac{5}{6}"
        case 0x215B: return "\\frac{1}{8}"
        case 0x215C: return "\\frac{3}{8}"
        case 0x215D: return "\\frac{5}{8}"
        case 0x215E: return "\\frac{7}{8}"
        case 0x2236: return ":"
        case 0xFF08: return "("
        case 0xFF09: return ")"
        case 0xFF0C, 0x3001: return ","
        case 0xFF1B: return ";"
        case 0xFF1A: return ":"
        case 0xFF1D: return "="
        case 0xFF05: return "\\%"
        case 0x3002: return "."
        default: return nil
        }
    }
}
