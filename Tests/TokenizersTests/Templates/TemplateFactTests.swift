import Primitives
import Testing

@testable import Tokenizers

/// Facts about templates that jinja2 supplied.
enum TemplateFacts {
    static let variables = #"""
        {"x": 5, "y": 2.5, "s": "Hello World", "u": "Ünï ΑΣ straße\n", "e": "", "l": [1, 2, 3], "ls": ["b", "A", "c"], "d": {"b": 1, "a": [1, "x"], "items": 3, "n": null}, "n": null, "t": true, "f": false, "ms": [{"role": "user", "content": "hi", "k": {"z": 1}}, {"role": "assistant", "content": "yo</think>done", "k": {"z": 3}}, {"role": "user", "content": " a b  c ", "k": {"z": 2}}], "big": 100000000000.0, "small": 1e-05, "html": "<a href='x'>&\"", "dt": {"é\"\n": 1e+16, "b": [true, null, {}], "c": []}, "ws": "  \t pad me \n"}
        """#

    /// Templates that jinja2 fails to run.
    static let failures: [String] = [
        #"{{ x + s }}"#,
        #"{{ s + x }}"#,
        #"{{ undefinedvar.a }}"#,
        #"{{ undefinedvar + 1 }}"#,
        #"{{ l.append(1) }}"#,
        #"{{ d.update({}) }}"#,
        #"{{ raise_exception('no') }}"#,
        #"{{ none | length }}"#,
        #"{{ 1 / 0 }}"#,
        #"{{ 'a' < 1 }}"#,
        #"{{ x() }}"#,
        #"{{ undefinedvar() }}"#,
        #"{{ 'a' in n }}"#,
        #"{% for i in x %}{% endfor %}"#,
        #"{{ range(1000000) }}"#,
        #"{{ undefinedvar | tojson }}"#,
        #"{{ s.split('') }}"#,
        #"{{ [1,'a'] | sort }}"#,
        #"{% set x.y = 1 %}"#,
        #"{% set a, b = [1] %}"#,
        #"{{ {[]: 1} }}"#,
        #"{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}"#,
        #"{{ s[::0] }}"#,
        #"{{ s.format(1) if f else '{} {}'.format(1) }}"#,
        #"{{ '%d' % 'x' }}"#,
        #"{{ '%s %s' % ('a',) }}"#,
        #"{{ namespace(_a=1) }}"#,
    ]

    /// What jinja2 refuses to read.
    static let malformations: [String] = [
        #"{{ x"#,
        #"{% if x %}"#,
        #"{% endif %}"#,
        #"{{ 1 + }}"#,
        #"{{ 'a }}"#,
        #"{# a"#,
        #"{% raw %}a"#,
        #"{% for i l %}{% endfor %}"#,
        #"{% foo %}"#,
        #"{{ x | nofilter }}"#,
        #"{{ x is notest }}"#,
        #"{% set 1 = 2 %}"#,
        #"{{ (1 }}"#,
        #"{{ ] }}"#,
        #"{% break %}"#,
        #"{{ a b }}"#,
        #"{% macro %}{% endmacro %}"#,
        #"{% else %}"#,
        #"{{ }}"#,
        #"{{ {1} }}"#,
    ]
}

@Suite("Templates as jinja2 runs them")
struct TemplateFactTests {
    private func variables() throws -> JSONObject {
        try #require(try JSONValue.parse(TemplateFacts.variables).objectValue)
    }

    private func check(_ facts: [(template: String, output: String)]) throws {
        let variables = try variables()
        let clock = TemplateClock(year: 2026, month: 1, day: 15)
        for fact in facts {
            let text = try ChatTemplate(source: fact.template).render(variables: variables, clock: clock)
            #expect(text.utf8.elementsEqual(fact.output.utf8), "\(fact.template) gave \(text)")
        }
    }

    @Test("Facts, part 1")
    func part1() throws { try check(TemplateFacts.valueFacts) }

    @Test("Facts, part 2")
    func part2() throws { try check(TemplateFacts.filterFacts) }

    @Test("Facts, part 3")
    func part3() throws { try check(TemplateFacts.statementFacts) }

    @Test("Facts, part 4")
    func part4() throws { try check(TemplateFacts.furtherFacts) }

    @Test("Facts, part 5")
    func part5() throws { try check(TemplateFacts.moreFacts) }

    @Test("What Python cannot do fails with a line", arguments: TemplateFacts.failures)
    func failure(_ source: String) throws {
        let variables = try variables()
        let error = #expect(throws: TemplateError.self) {
            _ = try ChatTemplate(source: source).render(variables: variables)
        }
        #expect(error?.line == 1)
        #expect(error?.kind == .evaluation || error?.kind == .raised)
    }

    @Test("What is no template is refused", arguments: TemplateFacts.malformations)
    func malformation(_ source: String) throws {
        #expect(throws: TemplateError.self) { _ = try ChatTemplate(source: source) }
    }
}
