/// Letter case and the classes of characters, by the Unicode properties of the standard library.
extension TemplateText {
    private static func upper(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        Array(scalar.properties.uppercaseMapping.unicodeScalars)
    }

    private static func title(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        Array(scalar.properties.titlecaseMapping.unicodeScalars)
    }

    /// A sigma that ends a word has a lower case of its own.
    private func lower(_ index: Int) -> [Unicode.Scalar] {
        let scalar = scalars[index]
        guard scalar == "Σ" else { return Array(scalar.properties.lowercaseMapping.unicodeScalars) }
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
        return [isFinal ? "ς" : "σ"]
    }

    func uppercased() -> TemplateText { mapping { _, scalar in Self.upper(scalar) } }

    func lowercased() -> TemplateText { mapping { index, _ in lower(index) } }

    /// The method of Python of that name; `nil` when it is none of these.
    func changingCase(_ name: String) -> TemplateText? {
        switch name {
        case "upper": return uppercased()
        case "lower": return lowercased()
        case "capitalize": return mapping { index, scalar in index == 0 ? Self.title(scalar) : lower(index) }
        case "title":
            return mapping { index, scalar in
                index > 0 && scalars[index - 1].properties.isCased ? lower(index) : Self.title(scalar)
            }
        case "swapcase":
            return mapping { (index, scalar) -> [Unicode.Scalar] in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter: lower(index)
                case .lowercaseLetter: Self.upper(scalar)
                default: [scalar]
                }
            }
        default: return nil
        }
    }

    /// `isdigit` and its like.
    func isOfClass(_ name: String) -> Bool {
        func all(_ holds: (Unicode.Scalar) -> Bool) -> Bool { !isEmpty && scalars.allSatisfy(holds) }
        switch name {
        case "isascii": return scalars.allSatisfy(\.isASCII)
        case "isspace": return all(\.isPythonSpace)
        case "isalpha": return all(Self.isLetter)
        case "isdecimal": return all { $0.properties.numericType == .decimal }
        case "isdigit": return all(Self.isDigit)
        case "isnumeric": return all { $0.properties.numericType != nil }
        case "isalnum": return all { Self.isLetter($0) || $0.properties.numericType != nil }
        case "isupper":
            return scalars.contains(where: \.properties.isUppercase)
                && !scalars.contains { $0.properties.isLowercase || $0.properties.generalCategory == .titlecaseLetter }
        case "islower":
            return scalars.contains(where: \.properties.isLowercase)
                && !scalars.contains { $0.properties.isUppercase || $0.properties.generalCategory == .titlecaseLetter }
        default: return false
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
    }
}
