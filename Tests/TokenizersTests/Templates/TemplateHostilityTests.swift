import Primitives
import Testing

@testable import Tokenizers

/// A template is a program of someone else's.
@Suite("Hostile templates")
struct TemplateHostilityTests {
    @Test(
        "Too much work, text or nesting is given up",
        arguments: [
            "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
            "{{ 'a' * 10000000000 }}", "{{ 'a' * 9223372036854775807 }}", "{{ [1] * 9223372036854775807 }}",
            "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
            "{% set n = namespace(x=[]) %}{% for i in range(5000) %}{% set n.x = [n.x] %}{% endfor %}",
            "{% set n = namespace(x=['a']) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
            "{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
            "{% set n = namespace(x='a') %}{% for i in range(60) %}{% set n.x = n.x.replace('a', 'aa') %}{% endfor %}",
            "{{ ('a' * 100000) in ('a' * 50000 + 'b') * 1000 }}{{ ('a' * 20000 + 'b') in 'a' * 1000000 }}",
            "{{ '%1000000000d' % 1 }}", "{{ '{:1000000000}'.format(1) }}", "{{ 'a' | center(1000000000) }}",
            "{{ 'a' | indent(1000000000) }}", "{{ [1] | tojson(indent=1000000000) }}",
            "{{ [1] | batch(1000000000, 0) | list }}",
        ])
    func budgets(_ source: String) throws {
        let template = try ChatTemplate(source: source, budget: TemplateBudget(work: 300_000, textLength: 2_000_000))
        let error = #expect(throws: TemplateError.self) { _ = try template.render(variables: JSONObject()) }
        #expect(error?.kind == .budget)
    }

    @Test(
        "Source that nests too deep is refused",
        arguments: [
            String(repeating: "(", count: 5000), String(repeating: "[", count: 5000),
            String(repeating: "-", count: 5000),
            "x" + String(repeating: ".a", count: 5000), "x" + String(repeating: "|trim", count: 5000),
            String(repeating: "1 if 1 else ", count: 5000) + "1",
        ])
    func nesting(_ expression: String) {
        #expect(throws: TemplateError.self) { _ = try ChatTemplate(source: "{{ \(expression) }}") }
    }

    @Test("Statements that nest too deep are refused")
    func nestedStatements() {
        let source = String(repeating: "{% if x %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
        #expect(throws: TemplateError.self) { _ = try ChatTemplate(source: source) }
    }

    @Test("Chains of namespaces and macros that refer to one another are taken apart")
    func cycles() throws {
        let source = """
            {% set n = namespace() %}{% set n.self = n %}{% macro f() %}{{ n.self is defined }}{% endmacro %}{% set n.f = f %}
            {%- for i in range(20000) %}{% set n.next = namespace(next=n.next) %}{% endfor %}{{ n.f() }}
            """
        #expect(try ChatTemplate(source: source).render(variables: JSONObject()) == "True")
    }

    @Test("Random templates are rendered or refused, never more", arguments: 0..<8)
    func randomTemplates(_ seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .synthesis)
        let words = [
            "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "*", "/", "//", "%", "**", "~", "(", ")", "[", "]", "{", "}",
            ".",
            ",", ":", "|", "=", "==", "<", ">=", "x", "messages", "m", "'a'", "\"b\\n\"", "1", "0", "-3", "2.5", "none",
            "true", "not", "and", "or", "in", "is", "if", "else", "elif", "endif", "for", "endfor", "set", "endset",
            "macro",
            "endmacro", "call", "endcall", "break", "loop", "index", "namespace", "tojson", "length", "join", "map",
            "split",
            "defined", "string", "range", "items", " ", "\n", "é", "\\", "'", "format", "indent", "raw", "endraw",
        ]
        let fragments = [
            "{{ x }}", "{% for m in messages %}", "{% endfor %}", "{% if x %}", "{% endif %}", "{{ m.content[", "]}}",
            "{% set y = x %}", "{{ x | ", " }}", "{{ messages", "(x)", "{{ 'a' ~ ", "{{ '%s' % ", "{{ x[::-1] }}",
        ]
        let variables: JSONObject = ["x": 3, "messages": [["role": "user", "content": "héllo </think> x"]]]
        for _ in 0..<400 {
            var source = ""
            for _ in 0..<(1 + random.integer(below: 14)) {
                source += random.integer(below: 3) == 0 ? random.pick(fragments) : random.pick(words)
                if random.integer(below: 2) == 0 { source += " " }
            }
            let budget = TemplateBudget(work: 100_000, textLength: 100_000)
            _ = try? ChatTemplate(source: source, budget: budget).render(variables: variables)
        }
    }
}
