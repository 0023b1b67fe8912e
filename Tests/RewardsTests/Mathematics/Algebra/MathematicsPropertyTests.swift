import Testing

@testable import Rewards

/// A small deterministic generator of expressions and of ways to write them differently.
private struct ExpressionSource {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func expression(_ depth: Int) -> MathExpression {
        if depth == 0 {
            switch next(6) {
            case 0: return .symbol("x")
            case 1: return .symbol("y")
            case 2: return .call(.root, [.number(Rational(next(7) + 2)), .number(2)])
            case 3: return .constant(.pi)
            default: return .number(Rational(next(9) - 4))
            }
        }
        switch next(6) {
        case 0, 1: return .sum([expression(depth - 1), expression(depth - 1)])
        case 2, 3: return .product([expression(depth - 1), expression(depth - 1)])
        case 4: return .power(expression(depth - 1), .number(Rational(next(3) + 1)))
        default: return .call([.sin, .cos, .exp][next(3)], [expression(depth - 1)])
        }
    }

    /// The same value in another form.
    mutating func rewritten(_ expression: MathExpression) -> MathExpression {
        switch next(5) {
        case 0:
            if case .sum(let parts) = expression { return .sum(parts.reversed().map { rewritten($0) }) }
            return .sum([expression, .number(3), .number(-3)])
        case 1:
            if case .product(let parts) = expression { return .product(parts.reversed().map { rewritten($0) }) }
            return .product([.number(2), expression, .power(.number(2), .number(-1))])
        case 2: return .power(expression, .number(1))
        case 3: return .sum([expression, .product([.number(0), .symbol("x")])])
        default: return .product([.number(-1), .product([.number(-1), expression])])
        }
    }
}

@Suite struct MathematicsPropertyTests {
    private func value(_ expression: MathExpression) throws -> CanonicalValue {
        var fields = PolicyFields()
        var builder = ValueBuilder(work: Work(), policy: try MathematicsPolicy(&fields), side: .gold)
        let value = try builder.answer(expression)
        return CanonicalValue(.mathematics, value.text, payload: .mathematics(value))
    }

    private func isEqual(_ left: CanonicalValue, _ right: CanonicalValue) throws -> Bool {
        var fields = PolicyFields(["unevaluated": "allow"])
        var work = Work()
        return try MathematicsReader(policy: MathematicsPolicy(&fields)).compare(
            gold: left, prediction: right, work: &work
        ).isEqual
    }

    @Test func rewritingKeepsTheValue() throws {
        var source = ExpressionSource(state: 7)
        var decided = 0
        for _ in 0..<300 {
            let expression = source.expression(source.next(3) + 1)
            let (second, third) = (source.rewritten(expression), source.rewritten(expression))
            do {
                let (a, b, c) = (try value(expression), try value(second), try value(third))
                #expect(a.text == b.text && b.text == c.text)
                #expect(try isEqual(a, b) && isEqual(b, a) && isEqual(b, c) && isEqual(a, c))
                decided += 1
            } catch is AnswerProblem {}
        }
        #expect(decided > 270)
    }

    @Test func equalityIsSymmetricAndTransitive() throws {
        var source = ExpressionSource(state: 11)
        var values: [CanonicalValue] = []
        while values.count < 40 {
            if let value = try? value(source.expression(source.next(2))) { values.append(value) }
        }
        var table: [[Bool?]] = []
        for left in values { table.append(values.map { try? isEqual(left, $0) }) }
        for i in values.indices {
            #expect(table[i][i] == true)
            for j in values.indices {
                #expect(table[i][j] == table[j][i])
                for k in values.indices where table[i][j] == true && table[j][k] == true {
                    #expect(table[i][k] == true)
                }
            }
        }
    }

    @Test func equalTextsAreEqualValues() throws {
        var source = ExpressionSource(state: 13)
        for _ in 0..<150 {
            let expression = source.expression(2)
            let other = MathExpression.sum([expression, .number(1)])
            guard let a = try? value(expression), let b = try? value(other) else { continue }
            #expect(a.text != b.text)
            #expect((try? isEqual(a, b)) != true)
        }
    }

    @Test func randomTextNeverCrashes() throws {
        var source = ExpressionSource(state: 17)
        let pieces = [
            "\\frac", "{", "}", "(", ")", "^", "_", "2", "17", "x", "y", "\\sqrt", "\\pi", "e", "i", "=", "<", ",",
            "\\pm",
            "+", "-", "\\cup", "[", "]", "\\infty", "\\sin", "\\ln", "!", "|", "\\text{a}", "%", "\\sum_{k=1}^{3}", "k",
            "\\in", "\\{", "\\}", "\\int", "dx", ".", "/", "*", " ", "\\circ", "\\begin{pmatrix}", "\\end{pmatrix}",
            "&",
        ]
        var fields = PolicyFields()
        let reader = MathematicsReader(policy: try MathematicsPolicy(&fields))
        var read = 0
        for _ in 0..<3000 {
            var text = ""
            for _ in 0...source.next(9) { text += pieces[source.next(pieces.count)] }
            var work = Work()
            guard let value = try? reader.read(AnswerText(text), side: .prediction, work: &work) else { continue }
            _ = try? reader.compare(gold: value, prediction: value, work: &work)
            read += 1
        }
        #expect(read > 50)
    }

    @Test func samplePointsAreTheSameEverywhere() {
        #expect(SamplePoint.hash("x", salt: 0) == SamplePoint.hash("x", salt: 0))
        #expect(SamplePoint.hash("x", salt: 0) != SamplePoint.hash("x", salt: 1))
        #expect(SamplePoint.hash("x", salt: 0) != SamplePoint.hash("y", salt: 0))
    }
}
