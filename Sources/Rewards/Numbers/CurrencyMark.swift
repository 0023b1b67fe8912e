/// Signs and names of currencies beside an amount. Which currency it is does not matter to a number.
enum CurrencyMark {
    /// The offset after a sign, a code (`USD`) or a prefixed dollar (`US$`, `NT$`) at a position; `nil` if there is
    /// none.
    static func end(_ bytes: [UInt8], at start: Int) -> Int? {
        var position = start
        var letters: [UInt8] = []
        while position < bytes.count, (bytes[position] | 0x20) &- 0x61 < 26, letters.count < 9 {
            letters.append(bytes[position] | 0x20)
            position += 1
        }
        if position < bytes.count {
            let (scalar, length) = NumberSymbol.scalar(bytes, at: position)
            if letters.count <= 3, let scalar, scalar.properties.generalCategory == .currencySymbol {
                return position + length
            }
        }
        guard !letters.isEmpty, names.contains(String(decoding: letters, as: UTF8.self)) else { return nil }
        return position
    }

    /// ISO 4217 codes of the currencies that trade most, and English names. Parts such as cents are no marks: they
    /// change the amount.
    private static let names: Set<String> = [
        "aud", "brl", "cad", "chf", "cny", "czk", "dkk", "eur", "gbp", "hkd", "huf", "idr", "ils", "inr", "jpy", "krw",
        "mxn", "myr", "nok", "nzd", "php", "pln", "ron", "rub", "sek", "sgd", "thb", "try", "twd", "uah", "usd", "zar",
        "dollar", "dollars", "euro", "euros", "yen", "yuan", "rupee", "rupees", "franc", "francs",
    ]
}
