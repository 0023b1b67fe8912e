/// Reads a record: keys with values in any order, each value by the reader of its key.
struct RecordReader: AnswerReader {
    let policy: RecordPolicy
    /// Reads the values of keys that the policy does not declare.
    let value: any AnswerReader

    init(policy: RecordPolicy, value: any AnswerReader) {
        self.policy = policy
        self.value = value
    }

    private struct Member {
        var key: [UInt8]
        var value: CanonicalValue
    }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected keys with values, found an empty answer") }
        var members: [Member] = []
        for entry in try RecordSplitter.split(text, work: &work) {
            try work.spend(policy.fields.count + 1)
            guard let reader = reader(of: entry.key) else {
                if policy.extraKeys == .ignore {
                    work.apply("extra keys")
                    continue
                }
                let key = String(decoding: entry.key, as: UTF8.self)
                throw .malformed("expected the keys of the policy, found `\(key)`", offset: entry.offset)
            }
            do throws(AnswerProblem) {
                members.append(
                    Member(key: entry.key, value: try reader.read(entry.value, side: side, work: &work)))
            } catch {
                throw error.within("`\(String(decoding: entry.key, as: UTF8.self))`", movedBy: entry.offset)
            }
        }
        guard !members.isEmpty else { throw .malformed("expected a key of the policy, found none") }
        members.sort { $0.key.lexicographicallyPrecedes($1.key) }
        for (left, right) in zip(members, members.dropFirst()) where left.key == right.key {
            throw .malformed("expected each key once, found `\(String(decoding: left.key, as: UTF8.self))` twice")
        }
        return canonical(members)
    }

    private func reader(of key: [UInt8]) -> (any AnswerReader)? {
        policy.fields.isEmpty ? value : policy.fields.first { $0.key == key }?.reader
    }

    /// The payload alternates keys and values.
    private func canonical(_ members: [Member]) -> CanonicalValue {
        var text = "{"
        var elements: [CanonicalValue] = []
        for (index, member) in members.enumerated() {
            let key = String(decoding: member.key, as: UTF8.self)
            if index > 0 { text += ", " }
            text += CollectionText.quoted(key) + ": " + CollectionText.element(member.value)
            elements.append(CanonicalValue(.text, key))
            elements.append(member.value)
        }
        return CanonicalValue(.record, text + "}", payload: .elements(elements))
    }

    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard case .elements(let golds) = gold.payload, case .elements(let others) = prediction.payload,
            golds.count == others.count
        else { return Comparison(isEqual: false, guarantee: .exact) }
        let different = Comparison(isEqual: false, guarantee: .exact)
        for index in stride(from: 0, to: golds.count, by: 2) where golds[index] != others[index] { return different }
        var guarantee = Guarantee.exact
        var undecided: AnswerProblem?
        for index in stride(from: 1, to: golds.count, by: 2) where golds[index] != others[index] {
            guard let reader = reader(of: Array(golds[index - 1].text.utf8)) else { return different }
            do throws(AnswerProblem) {
                let comparison = try reader.compare(gold: golds[index], prediction: others[index], work: &work)
                guard comparison.isEqual else { return comparison }
                guarantee = guarantee.weakened(by: comparison.guarantee)
            } catch {
                guard case .undecided = error else { throw error }
                undecided = undecided ?? error
            }
        }
        if let undecided { throw undecided }
        return Comparison(isEqual: true, guarantee: guarantee)
    }
}
