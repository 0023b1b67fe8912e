/// `\d{1,3}(?=(?:\d{3})*\b)`: the digits of a number in groups of three, counted from its end. A number that a word
/// character follows is not matched.
struct DigitTripletScanner: SplitScanner {
    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        let digits = digits(in: text, from: start)
        guard digits.count > 0, !isFollowedByWord(text, digits.end) else { return nil }
        return end(ofGroupOf: (digits.count - 1) % 3 + 1, in: text, at: start)
    }

    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ match: (Range<Int>) -> Void) {
        var position = 0
        while position < text.count {
            var (count, numberEnd) = digits(in: text, from: position)
            if count == 0 {
                position += ScalarCoding.scalar(in: text, at: position).width
            } else if isFollowedByWord(text, numberEnd) {
                position = numberEnd
            } else {
                while count > 0 {
                    let size = (count - 1) % 3 + 1
                    let end = end(ofGroupOf: size, in: text, at: position)
                    match(position..<end)
                    position = end
                    count -= size
                }
            }
        }
    }

    private func digits(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (count: Int, end: Int) {
        let digits = ScalarSet.decimalDigits
        var position = start
        var count = 0
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            guard digits.contains(scalar) else { break }
            position += width
            count += 1
        }
        return (count, position)
    }

    private func end(ofGroupOf count: Int, in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
        var position = start
        for _ in 0..<count { position += ScalarCoding.scalar(in: text, at: position).width }
        return position
    }

    private func isFollowedByWord(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        position < text.count && ScalarSet.word.contains(ScalarCoding.scalar(in: text, at: position).value)
    }
}
