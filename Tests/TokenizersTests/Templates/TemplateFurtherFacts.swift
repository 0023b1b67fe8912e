/// What jinja2 3.1.6 printed, in the environment of transformers, for ``TemplateFacts/variables``.
extension TemplateFacts {
    static let furtherFacts: [(template: String, output: String)] = [
        (
            #"{{ '.5' | float }}"#,
            #"0.5"#
        ),
        (
            #"{{ '5.' | float }}"#,
            #"5.0"#
        ),
        (
            #"{{ none | int }}"#,
            #"0"#
        ),
        (
            #"{{ '-12' | int }}"#,
            #"-12"#
        ),
        (
            #"{{ true | int }}"#,
            #"1"#
        ),
        (
            #"{{ 5 | string + 'x' }}"#,
            #"5x"#
        ),
        (
            #"{{ true | string }}"#,
            #"True"#
        ),
        (
            #"{{ none | string }}"#,
            #"None"#
        ),
        (
            #"{{ [1,'a'] | string }}"#,
            #"[1, 'a']"#
        ),
        (
            #"{{ 2.0 | string }}"#,
            #"2.0"#
        ),
        (
            #"{{ -3 | abs }}"#,
            #"3"#
        ),
        (
            #"{{ -2.5 | abs }}"#,
            #"2.5"#
        ),
        (
            #"{{ 2.567 | round(2) }}"#,
            #"2.57"#
        ),
        (
            #"{{ 2.5 | round }}"#,
            #"2.0"#
        ),
        (
            #"{{ 3.5 | round }}"#,
            #"4.0"#
        ),
        (
            #"{{ 2.1 | round(0,'ceil') }}"#,
            #"3.0"#
        ),
        (
            #"{{ 2.9 | round(method='floor') }}"#,
            #"2.0"#
        ),
        (
            #"{{ 3 | round }}"#,
            #"3"#
        ),
        (
            #"{{ 2.675 | round(2) }}"#,
            #"2.67"#
        ),
        (
            #"{{ html | e }}"#,
            #"&lt;a href=&#39;x&#39;&gt;&amp;&#34;"#
        ),
        (
            #"{{ html | escape }}"#,
            #"&lt;a href=&#39;x&#39;&gt;&amp;&#34;"#
        ),
        (
            #"{{ html | safe }}"#,
            #"<a href='x'>&""#
        ),
        (
            #"{{ 'foo bar baz' | truncate(9) }}"#,
            #"foo bar baz"#
        ),
        (
            #"{{ 'foo bar baz qux' | truncate(9, true) }}"#,
            #"foo ba..."#
        ),
        (
            #"{{ 'foo bar baz' | truncate(9, false, '!', 0) }}"#,
            #"foo bar!"#
        ),
        (
            #"{{ 'one two  three' | wordcount }}"#,
            #"3"#
        ),
        (
            #"{{ [1,2,3,4,5] | batch(2) | list }}"#,
            #"[[1, 2], [3, 4], [5]]"#
        ),
        (
            #"{{ [1,2,3] | batch(2, 'x') | list }}"#,
            #"[[1, 2], [3, 'x']]"#
        ),
        (
            #"{{ [1,2,3,4,5] | slice(3) | list }}"#,
            #"[[1, 2], [3, 4], [5]]"#
        ),
        (
            #"{{ [1,2,3,4] | slice(3, 'q') | list }}"#,
            #"[[1, 2], [3, 'q'], [4, 'q']]"#
        ),
        (
            #"{{ x is defined }}"#,
            #"True"#
        ),
        (
            #"{{ q is defined }}"#,
            #"False"#
        ),
        (
            #"{{ q is undefined }}"#,
            #"True"#
        ),
        (
            #"{{ n is none }}"#,
            #"True"#
        ),
        (
            #"{{ s is string }}"#,
            #"True"#
        ),
        (
            #"{{ l is iterable }}"#,
            #"True"#
        ),
        (
            #"{{ s is iterable }}"#,
            #"True"#
        ),
        (
            #"{{ x is iterable }}"#,
            #"False"#
        ),
        (
            #"{{ d is mapping }}"#,
            #"True"#
        ),
        (
            #"{{ l is sequence }}"#,
            #"True"#
        ),
        (
            #"{{ d is sequence }}"#,
            #"True"#
        ),
        (
            #"{{ q is sequence }}"#,
            #"True"#
        ),
        (
            #"{{ x is number }}"#,
            #"True"#
        ),
        (
            #"{{ t is number }}"#,
            #"True"#
        ),
        (
            #"{{ t is integer }}"#,
            #"False"#
        ),
        (
            #"{{ x is integer }}"#,
            #"True"#
        ),
        (
            #"{{ y is float }}"#,
            #"True"#
        ),
        (
            #"{{ t is boolean }}"#,
            #"True"#
        ),
        (
            #"{{ t is true }}"#,
            #"True"#
        ),
        (
            #"{{ f is false }}"#,
            #"True"#
        ),
        (
            #"{{ x is true }}"#,
            #"False"#
        ),
        (
            #"{{ x is odd }}"#,
            #"True"#
        ),
        (
            #"{{ 4 is even }}"#,
            #"True"#
        ),
        (
            #"{{ 9 is divisibleby 3 }}"#,
            #"True"#
        ),
        (
            #"{{ x is eq 5 }}"#,
            #"True"#
        ),
        (
            #"{{ x is equalto(5) }}"#,
            #"True"#
        ),
        (
            #"{{ x is sameas none }}"#,
            #"False"#
        ),
        (
            #"{{ n is not none }}"#,
            #"False"#
        ),
        (
            #"{{ 1 is in [1] }}"#,
            #"True"#
        ),
        (
            #"{{ s is lower }}"#,
            #"False"#
        ),
        (
            #"{{ 'ABC' is upper }}"#,
            #"True"#
        ),
        (
            #"{{ range is callable }}"#,
            #"True"#
        ),
        (
            #"{{ q is iterable }}"#,
            #"True"#
        ),
        (
            #"{{ 'a' is not string }}"#,
            #"False"#
        ),
        (
            #"{{ x is gt 3 }}"#,
            #"True"#
        ),
        (
            #"{{ (1,2) is sequence }}"#,
            #"True"#
        ),
        (
            #"{{ l|map('string') is iterable }}"#,
            #"True"#
        ),
        (
            #"{{ l|map('string') is sequence }}"#,
            #"False"#
        ),
        (
            #"{{ x is not defined or y is defined }}"#,
            #"True"#
        ),
        (
            #"{% set a = 1 %}{% for i in l %}{% set a = a + i %}{{ a }} {% endfor %}{{ a }}"#,
            #"2 3 4 1"#
        ),
        (
            #"{% set ns = namespace(a=1) %}{% for i in l %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }} {{ ns.b }}| {{ ns.b is defined }}"#,
            #"7 | False"#
        ),
        (
            #"{% if x == 1 %}a{% elif x == 5 %}b{% else %}c{% endif %} {% if n %}a{% elif f %}b{% endif %}|"#,
            #"b |"#
        ),
        (
            #"{% macro m(a, b='z', c=none) %}{{ a }}-{{ b }}-{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 2) }} {{ m(b=3, a=4) }} {{ m() }} {{ m(1, c=m(2)) }}"#,
            #"1-z-None 1-2-None 4-3-None -z-None 1-z-2-z-None"#
        ),
        (
            #"{% macro w(t) %}<{{ t }}>{{ caller(5) }}</{{ t }}>{% endmacro %}{% call(z) w('b') %}in{{ z }}{{ x }}{% endcall %} {{ w.name }}"#,
            #"<b>in55</b> w"#
        ),
        (
            #"{% macro c2() %}{% if caller %}{{ caller() }}{% else %}nocaller{% endif %}{% endmacro %}{{ c2() }}{% call c2() %}C{% endcall %}"#,
            #"nocallerC"#
        ),
    ]
}
