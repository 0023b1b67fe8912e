/// What jinja2 3.1.6 printed, in the environment of transformers, for ``TemplateFacts/variables``.
extension TemplateFacts {
    static let statementFacts: [(template: String, output: String)] = [
        (
            #"{{ '{:+d} {:x} {:%} {:.1%}'.format(3, 255, 0.25, 0.5) }}"#,
            #"+3 ff 25.000000% 50.0%"#
        ),
        (
            #"{{ '{:*^9}'.format('mid') }}"#,
            #"***mid***"#
        ),
        (
            #"{{ '{}'.format(none) }}"#,
            #"None"#
        ),
        (
            #"{{ '{:10.3f}|'.format(2.0) }}"#,
            #"     2.000|"#
        ),
        (
            #"{{ d | tojson }}"#,
            #"{"b": 1, "a": [1, "x"], "items": 3, "n": null}"#
        ),
        (
            #"{{ dt | tojson }}"#,
            #"{"é\"\n": 1e+16, "b": [true, null, {}], "c": []}"#
        ),
        (
            #"{{ u | tojson }}"#,
            #""Ünï ΑΣ straße\n""#
        ),
        (
            #"{{ u | tojson(ensure_ascii=true) }}"#,
            #""\u00dcn\u00ef \u0391\u03a3 stra\u00dfe\n""#
        ),
        (
            #"{{ dt | tojson(indent=2) }}"#,
            #"{\#n  "é\"\n": 1e+16,\#n  "b": [\#n    true,\#n    null,\#n    {}\#n  ],\#n  "c": []\#n}"#
        ),
        (
            #"{{ d | tojson(sort_keys=true) }}"#,
            #"{"a": [1, "x"], "b": 1, "items": 3, "n": null}"#
        ),
        (
            #"{{ l | tojson(separators=(',', ':')) }}"#,
            #"[1,2,3]"#
        ),
        (
            #"{{ {'a':1,2:3,none:4,true:5,1.5:6} | tojson }}"#,
            #"{"a": 1, "2": 3, "null": 4, "true": 5, "1.5": 6}"#
        ),
        (
            #"{{ (1,2) | tojson }}"#,
            #"[1, 2]"#
        ),
        (
            #"{{ html | tojson }}"#,
            #""<a href='x'>&\"""#
        ),
        (
            #"{{ '😀\x7f\x01' | tojson(ensure_ascii=true) }}"#,
            #""\ud83d\ude00\u007f\u0001""#
        ),
        (
            #"{{ big | tojson }}"#,
            #"100000000000.0"#
        ),
        (
            #"{{ small | tojson }}"#,
            #"1e-05"#
        ),
        (
            #"{{ [] | tojson(indent=2) }}"#,
            #"[]"#
        ),
        (
            #"{{ {} | tojson(indent=4) }}"#,
            #"{}"#
        ),
        (
            #"{{ [[1,[2]],{}] | tojson(indent=1) }}"#,
            #"[\#n [\#n  1,\#n  [\#n   2\#n  ]\#n ],\#n {}\#n]"#
        ),
        (
            #"{{ l | length }}"#,
            #"3"#
        ),
        (
            #"{{ s | count }}"#,
            #"11"#
        ),
        (
            #"{{ d | length }}"#,
            #"4"#
        ),
        (
            #"{{ undefinedvar | length }}"#,
            #"0"#
        ),
        (
            #"{{ ms | map(attribute='role') | list }}"#,
            #"['user', 'assistant', 'user']"#
        ),
        (
            #"{{ ms | map(attribute='k.z') | list }}"#,
            #"[1, 3, 2]"#
        ),
        (
            #"{{ ms | map(attribute='q', default='-') | list }}"#,
            #"['-', '-', '-']"#
        ),
        (
            #"{{ ls | map('upper') | list }}"#,
            #"['B', 'A', 'C']"#
        ),
        (
            #"{{ ls | map('replace', 'b', 'z') | list }}"#,
            #"['z', 'A', 'c']"#
        ),
        (
            #"{{ l | select('odd') | list }}"#,
            #"[1, 3]"#
        ),
        (
            #"{{ l | reject('odd') | list }}"#,
            #"[2]"#
        ),
        (
            #"{{ l | select('>', 1) | list }}"#,
            #"[2, 3]"#
        ),
        (
            #"{{ ms | selectattr('role', 'equalto', 'user') | list | length }}"#,
            #"2"#
        ),
        (
            #"{{ ms | rejectattr('role', 'eq', 'user') | map(attribute='role') | join }}"#,
            #"assistant"#
        ),
        (
            #"{{ [0,1,'',none] | select | list }}"#,
            #"[1]"#
        ),
        (
            #"{{ [0,1] | reject | list }}"#,
            #"[0]"#
        ),
        (
            #"{{ ms | selectattr('k') | list | length }}"#,
            #"3"#
        ),
        (
            #"{{ l | select('in', [1,3]) | list }}"#,
            #"[1, 3]"#
        ),
        (
            #"{{ ms | selectattr('zzz', 'defined') | list }}"#,
            #"[]"#
        ),
        (
            #"{{ ms | selectattr('role', 'in', ['user']) | list | length }}"#,
            #"2"#
        ),
        (
            #"{{ l | first }}"#,
            #"1"#
        ),
        (
            #"{{ l | last }}"#,
            #"3"#
        ),
        (
            #"{{ ls | sort(reverse=true) }}"#,
            #"['c', 'b', 'A']"#
        ),
        (
            #"{{ ls | sort(case_sensitive=true) }}"#,
            #"['A', 'b', 'c']"#
        ),
        (
            #"{{ ms | sort(attribute='k.z') | map(attribute='k.z') | list }}"#,
            #"[1, 2, 3]"#
        ),
        (
            #"{{ d | dictsort }}"#,
            #"[('a', [1, 'x']), ('b', 1), ('items', 3), ('n', None)]"#
        ),
        (
            #"{{ {'b':1,'A':3,'c':2} | dictsort }}"#,
            #"[('A', 3), ('b', 1), ('c', 2)]"#
        ),
        (
            #"{{ {'b':1,'A':3,'c':2} | dictsort(by='value') }}"#,
            #"[('b', 1), ('c', 2), ('A', 3)]"#
        ),
        (
            #"{{ {'b':1,'A':3} | dictsort(true) }}"#,
            #"[('A', 3), ('b', 1)]"#
        ),
        (
            #"{{ {'b':1,'A':3} | dictsort(reverse=true) }}"#,
            #"[('b', 1), ('A', 3)]"#
        ),
        (
            #"{{ l | reverse | list }}"#,
            #"[3, 2, 1]"#
        ),
        (
            #"{{ 'abc' | reverse }}"#,
            #"cba"#
        ),
        (
            #"{{ ['a','A','b'] | unique | list }}"#,
            #"['a', 'b']"#
        ),
        (
            #"{{ [1,1.0,2] | unique | list }}"#,
            #"[1, 2]"#
        ),
        (
            #"{{ l | min }}"#,
            #"1"#
        ),
        (
            #"{{ l | max }}"#,
            #"3"#
        ),
        (
            #"{{ ls | max }}"#,
            #"c"#
        ),
        (
            #"{{ l | sum }}"#,
            #"6"#
        ),
        (
            #"{{ ms | sum(attribute='k.z') }}"#,
            #"6"#
        ),
        (
            #"{{ undefinedvar | default('q') }}"#,
            #"q"#
        ),
        (
            #"{{ none | d('x') }}"#,
            #"None"#
        ),
        (
            #"{{ '42' | int }}"#,
            #"42"#
        ),
        (
            #"{{ 'x' | int }}"#,
            #"0"#
        ),
        (
            #"{{ 'x' | int(7) }}"#,
            #"7"#
        ),
        (
            #"{{ '3.9' | int }}"#,
            #"3"#
        ),
        (
            #"{{ 3.9 | int }}"#,
            #"3"#
        ),
        (
            #"{{ 'ff' | int(base=16) }}"#,
            #"255"#
        ),
        (
            #"{{ '0x1f' | int(0, 16) }}"#,
            #"31"#
        ),
        (
            #"{{ '1_000' | int }}"#,
            #"1000"#
        ),
        (
            #"{{ ' 7 ' | int }}"#,
            #"7"#
        ),
        (
            #"{{ '2.5' | float }}"#,
            #"2.5"#
        ),
        (
            #"{{ 'x' | float }}"#,
            #"0.0"#
        ),
        (
            #"{{ 'x' | float(1.5) }}"#,
            #"1.5"#
        ),
        (
            #"{{ '1e3' | float }}"#,
            #"1000.0"#
        ),
        (
            #"{{ 'inf' | float }}"#,
            #"inf"#
        ),
    ]
}
