import Primitives

/// Members of components, each refused where it is of another kind.
extension FileComponent {
    func string(_ expected: String) throws(TokenizerError) -> String {
        guard let string = value?.stringValue else { throw unsupported(expected) }
        return string
    }

    /// A string of one scalar.
    func scalar() throws(TokenizerError) -> Unicode.Scalar {
        let expected = "a string of one Unicode scalar"
        let scalars = try string(expected).unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else { throw unsupported(expected) }
        return scalar
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let bool = value?.boolValue else { throw unsupported("true or false") }
        return bool
    }

    /// A flag that may be missing or null.
    func flag(default flag: Bool = false) throws(TokenizerError) -> Bool { isAbsent ? flag : try bool() }

    func integer(_ expected: String) throws(TokenizerError) -> Int {
        guard let integer = value?.integerValue else { throw unsupported(expected) }
        return integer
    }

    /// A number that is not negative.
    func count(_ expected: String) throws(TokenizerError) -> Int {
        let count = try integer(expected)
        if count < 0 { throw unsupported(expected) }
        return count
    }

    /// The id of the vocabulary entry that this member names.
    func token(in vocabulary: Vocabulary) throws(TokenizerError) -> TokenID {
        guard let id = vocabulary.id(of: try string("the text of a token")) else {
            throw unsupported("an entry of the vocabulary")
        }
        return id
    }

    func elements(_ expected: String) throws(TokenizerError) -> [FileComponent] {
        guard let values = value?.arrayValue else { throw unsupported(expected) }
        return values.enumerated().map { FileComponent(file: file, path: "\(path)[\($0)]", value: $1) }
    }
}
