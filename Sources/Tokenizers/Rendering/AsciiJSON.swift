import Primitives

extension JSONValue {
    /// What Python's `json.dumps(value)` writes: everything but printable ASCII escaped.
    var asciiPythonText: String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for scalar in pythonText.unicodeScalars {
            if scalar.value < 0x7F {
                bytes.append(UInt8(scalar.value))
                continue
            }
            for unit in String(scalar).utf16 {
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> shift) & 15]) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
