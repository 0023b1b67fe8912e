/// Check characters of registries, over ASCII digits.
enum CheckDigits {
    /// Luhn's sum modulo 10, as LOINC numbers have it: the last digit checks those before it.
    static func luhn(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (distance, digit) in digits.reversed().enumerated() {
            let value = Int(digit - 0x30)
            let doubled = distance % 2 == 1 ? value * 2 : value
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// Verhoeff's scheme over the dihedral group of ten elements (J. Verhoeff, 1969), as SNOMED CT has it.
    static func verhoeff(_ digits: ArraySlice<UInt8>) -> Bool {
        var check = 0
        for (distance, digit) in digits.reversed().enumerated() {
            check = product(check, permuted(Int(digit - 0x30), times: distance % 8))
        }
        return check == 0
    }

    /// The product in the dihedral group: 0 to 4 are rotations, 5 to 9 reflections.
    private static func product(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right - 5) % 5
        case (false, true): 5 + (left - 5 + 5 - right) % 5
        case (false, false): (left - right + 5) % 5
        }
    }

    private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    private static func permuted(_ digit: Int, times: Int) -> Int {
        var digit = digit
        for _ in 0..<times { digit = permutation[digit] }
        return digit
    }

    /// The sum of digits times their place from the right, modulo 10, as CAS numbers have it.
    static func cas(_ digits: ArraySlice<UInt8>, check: UInt8) -> Bool {
        var sum = 0
        for (distance, digit) in digits.reversed().enumerated() { sum += (distance + 1) * Int(digit - 0x30) }
        return sum % 10 == Int(check - 0x30)
    }

    /// ISO 7064 MOD 11-2, as ORCID has it.
    static func mod11Radix2(_ digits: ArraySlice<UInt8>) -> Bool {
        var total = 0
        for digit in digits.dropLast() { total = (total + Int(digit - 0x30)) * 2 % 11 }
        let expected = (12 - total % 11) % 11
        return digits.last == (expected == 10 ? UInt8(ascii: "X") : 0x30 + UInt8(expected))
    }

    /// Weights from the number of characters down to 1, modulo 11, as ISBN-10 and ISSN have it.
    static func weightedMod11(_ digits: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (place, digit) in digits.enumerated() {
            sum += (digits.count - place) * (digit == UInt8(ascii: "X") ? 10 : Int(digit - 0x30))
        }
        return sum % 11 == 0
    }

    /// The check digit of the first twelve digits of an ISBN-13.
    static func isbn13(_ digits: ArraySlice<UInt8>) -> UInt8 {
        var sum = 0
        for (place, digit) in digits.prefix(12).enumerated() { sum += Int(digit - 0x30) * (place % 2 == 0 ? 1 : 3) }
        return 0x30 + UInt8((10 - sum % 10) % 10)
    }

    /// The sum of the values of letters and digits, modulo 36, as UNII has it.
    static func mod36(_ characters: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for character in characters.dropLast() { sum += value36(character) }
        return characters.last.map { value36($0) == sum % 36 } ?? false
    }

    private static func value36(_ character: UInt8) -> Int {
        character < 0x40 ? Int(character - 0x30) : Int(character - 0x41) + 10
    }
}
