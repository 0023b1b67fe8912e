extension String {
    /// The text without white space at its end and, unless told otherwise, at its beginning: Python's `str.strip`, which
    /// the filter `trim` of chat templates applies.
    func pythonStripped(leading: Bool = true) -> String {
        var scalars = unicodeScalars[...]
        if leading { while let first = scalars.first, first.isStripped { scalars.removeFirst() } }
        while let last = scalars.last, last.isStripped { scalars.removeLast() }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    /// What Python's `str.isspace` says, which knows four separators of ASCII more than Unicode's `White_Space`.
    fileprivate var isStripped: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}

extension UInt8 {
    /// Whether the byte is white space of ASCII, as Python sees it.
    var isStripped: Bool { self < 0x80 && Unicode.Scalar(self).isStripped }
}
