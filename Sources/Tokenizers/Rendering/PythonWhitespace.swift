/// White space as Python's `str.strip` sees it, which the filter `trim` of chat templates applies.
extension Unicode.Scalar {
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}

extension UInt8 {
    /// Of the bytes of ASCII only.
    var isPythonSpace: Bool { self < 0x80 && Unicode.Scalar(self).isPythonSpace }
}

extension String {
    /// The text without white space at its end and, unless told otherwise, at its beginning.
    func pythonStripped(leading: Bool = true) -> String {
        var scalars = unicodeScalars[...]
        if leading { while let first = scalars.first, first.isPythonSpace { scalars.removeFirst() } }
        while let last = scalars.last, last.isPythonSpace { scalars.removeLast() }
        return String(scalars)
    }
}
