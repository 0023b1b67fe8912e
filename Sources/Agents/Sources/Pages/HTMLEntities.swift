/// Character references of HTML: numbers, and the names that medical texts use.
enum HTMLEntities {
    /// Resolves every reference once; what is none stays as it is.
    static func resolve(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            let after = rest.index(after: mark)
            // The longest name is shorter than this.
            let window = rest[after...].prefix(12)
            if let end = window.firstIndex(of: ";"), let character = character(rest[after..<end]) {
                result += character
                rest = rest[rest.index(after: end)...]
            } else {
                result += "&"
                rest = rest[after...]
            }
        }
        return result + rest
    }

    private static func character(_ reference: Substring) -> String? {
        guard reference.first == "#" else { return names[String(reference)] }
        let digits = reference.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        guard let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), number != 0 else {
            return nil
        }
        // Numbers of the C1 controls mean the characters of Windows-1252 (HTML Standard, 13.2.5.80).
        if (0x80...0x9F).contains(number), let scalar = Windows1252.scalars[Int(number) - 0x80] {
            return String(Character(scalar))
        }
        return Unicode.Scalar(number).map { String(Character($0)) }
    }

    private static let names: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ensp": " ", "emsp": " ",
        "thinsp": " ", "shy": "", "zwj": "", "zwnj": "", "lrm": "", "rlm": "", "ndash": "–", "mdash": "—",
        "hellip": "…",
        "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "laquo": "«", "raquo": "»",
        "bull": "•", "middot": "·", "dagger": "†", "Dagger": "‡", "sect": "§", "para": "¶", "copy": "©", "reg": "®",
        "trade": "™", "deg": "°", "plusmn": "±", "times": "×", "divide": "÷", "minus": "−", "le": "≤", "ge": "≥",
        "ne": "≠", "asymp": "≈", "equiv": "≡", "infin": "∞", "radic": "√", "sum": "∑", "prod": "∏", "part": "∂",
        "int": "∫", "micro": "µ", "permil": "‰", "prime": "′", "Prime": "″", "frac12": "½", "frac14": "¼",
        "frac34": "¾", "sup1": "¹", "sup2": "²", "sup3": "³", "larr": "←", "rarr": "→", "uarr": "↑", "darr": "↓",
        "harr": "↔", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η",
        "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο",
        "pi": "π", "rho": "ρ", "sigma": "σ", "sigmaf": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ",
        "psi": "ψ", "omega": "ω", "Alpha": "Α", "Beta": "Β", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
        "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "auml": "ä", "ouml": "ö", "uuml": "ü",
        "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è", "ecirc": "ê", "euml": "ë",
        "aacute": "á", "agrave": "à", "acirc": "â", "aring": "å", "atilde": "ã", "ccedil": "ç", "iacute": "í",
        "icirc": "î", "iuml": "ï", "ntilde": "ñ", "oacute": "ó", "ograve": "ò", "ocirc": "ô", "otilde": "õ",
        "oslash": "ø", "uacute": "ú", "ugrave": "ù", "ucirc": "û", "Eacute": "É", "Aring": "Å", "Oslash": "Ø",
        "Ccedil": "Ç", "aelig": "æ", "AElig": "Æ", "oelig": "œ", "OElig": "Œ", "iexcl": "¡", "iquest": "¿", "euro": "€",
        "pound": "£", "yen": "¥", "cent": "¢", "check": "✓", "lang": "⟨", "rang": "⟩", "ang": "∠", "num": "#",
        "lbrack": "[", "rbrack": "]", "lpar": "(", "rpar": ")", "percnt": "%", "plus": "+", "equals": "=", "comma": ",",
        "period": ".", "colon": ":", "semi": ";", "excl": "!", "quest": "?", "sol": "/", "ast": "*", "dollar": "$",
        "commat": "@", "lowbar": "_", "hyphen": "‐",
    ]
}

/// The encoding that web pages mean by ISO-8859-1 and Windows-1252 (Encoding Standard).
enum Windows1252 {
    /// Of the bytes 0x80 to 0x9F; `nil` for those that mean their number.
    static let scalars: [Unicode.Scalar?] = [
        "€", nil, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", nil, "Ž", nil, nil, "‘", "’", "“", "”", "•",
        "–", "—", "˜", "™", "š", "›", "œ", nil, "ž", "Ÿ",
    ]

    static func decode(_ bytes: [UInt8]) -> String {
        var result = String.UnicodeScalarView()
        for byte in bytes {
            let special = (0x80...0x9F).contains(byte) ? scalars[Int(byte) - 0x80] : nil
            result.append(special ?? Unicode.Scalar(byte))
        }
        return String(result)
    }
}
