/// Required members of normalizers and pre-tokenizers.
extension FileComponent {
    func bool() throws(TokenizerError) -> Bool {
        guard let bool = value?.boolValue else { throw unsupported("true or false") }
        return bool
    }

    /// A string of one scalar.
    func scalar() throws(TokenizerError) -> UInt32 {
        let expected = "a string of one Unicode scalar"
        let scalars = try string(expected).unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else { throw unsupported(expected) }
        return scalar.value
    }
}
