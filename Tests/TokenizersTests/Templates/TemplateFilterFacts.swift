/// What jinja2 3.1.6 printed, in the environment of transformers, for ``TemplateFacts/variables``.
extension TemplateFacts {
    static let filterFacts: [(template: String, output: String)] = [
        (
            #"{{ l.1 }}"#,
            #"2"#
        ),
        (
            #"{{ s.upper() }}"#,
            #"HELLO WORLD"#
        ),
        (
            #"{{ s.lower() }}"#,
            #"hello world"#
        ),
        (
            #"{{ u.upper() }}"#,
            #"ÜNÏ ΑΣ STRASSE\#n"#
        ),
        (
            #"{{ u.lower() }}"#,
            #"ünï ας straße\#n"#
        ),
        (
            #"{{ u.title() }}"#,
            #"Ünï Ας Straße\#n"#
        ),
        (
            #"{{ u.capitalize() }}"#,
            #"Ünï ας straße\#n"#
        ),
        (
            #"{{ s.swapcase() }}"#,
            #"hELLO wORLD"#
        ),
        (
            #"{{ "they're bill's".title() }}"#,
            #"They'Re Bill'S"#
        ),
        (
            #"{{ "they're bill's-x (y)" | title }}"#,
            #"They're Bill's-X (Y)"#
        ),
        (
            #"{{ u | capitalize }}"#,
            #"Ünï ας straße\#n"#
        ),
        (
            #"{{ 'a,b,c'.split(',') }}"#,
            #"['a', 'b', 'c']"#
        ),
        (
            #"{{ 'a,b,c'.split(',', 1) }}"#,
            #"['a', 'b,c']"#
        ),
        (
            #"{{ 'a,b,c'.rsplit(',', 1) }}"#,
            #"['a,b', 'c']"#
        ),
        (
            #"{{ ' a  b c '.split() }}"#,
            #"['a', 'b', 'c']"#
        ),
        (
            #"{{ ' a  b c '.split(none, 1) }}"#,
            #"['a', 'b c ']"#
        ),
        (
            #"{{ ' a  b c '.rsplit(None, 1) }}"#,
            #"[' a  b', 'c']"#
        ),
        (
            #"{{ 'abc'.split('x') }}"#,
            #"['abc']"#
        ),
        (
            #"{{ ''.split() }}"#,
            #"[]"#
        ),
        (
            #"{{ ''.split(',') }}"#,
            #"['']"#
        ),
        (
            #"{{ 'a,b'.split(sep=',', maxsplit=0) }}"#,
            #"['a,b']"#
        ),
        (
            #"{{ 'abc'.startswith('ab') }}"#,
            #"True"#
        ),
        (
            #"{{ 'abc'.endswith(('x','c')) }}"#,
            #"True"#
        ),
        (
            #"{{ 'abc'.startswith('b', 1) }}"#,
            #"True"#
        ),
        (
            #"{{ 'abc'.find('c') }}"#,
            #"2"#
        ),
        (
            #"{{ 'abc'.find('z') }}"#,
            #"-1"#
        ),
        (
            #"{{ 'abcabc'.rfind('c') }}"#,
            #"5"#
        ),
        (
            #"{{ 'abcabc'.count('bc') }}"#,
            #"2"#
        ),
        (
            #"{{ 'aaa'.count('') }}"#,
            #"4"#
        ),
        (
            #"{{ 'abc'.index('b') }}"#,
            #"1"#
        ),
        (
            #"{{ 'abc'.startswith('', 4) }}"#,
            #"False"#
        ),
        (
            #"{{ 'abc'.find('', 3) }}"#,
            #"3"#
        ),
        (
            #"{{ 'abc'.find('', 4) }}"#,
            #"-1"#
        ),
        (
            #"{{ 'abcabc'.replace('b', 'X') }}"#,
            #"aXcaXc"#
        ),
        (
            #"{{ 'abcabc'.replace('b', 'X', 1) }}"#,
            #"aXcabc"#
        ),
        (
            #"{{ 'abc'.replace('', '-') }}"#,
            #"-a-b-c-"#
        ),
        (
            #"{{ 'abc'.replace('', '-', 2) }}"#,
            #"-a-bc"#
        ),
        (
            #"{{ 'abcabc' | replace('b', 'X', 1) }}"#,
            #"aXcabc"#
        ),
        (
            #"{{ 'a1' | replace(1, 2) }}"#,
            #"a2"#
        ),
        (
            #"{{ ', '.join(['a','b']) }}"#,
            #"a, b"#
        ),
        (
            #"{{ l | join('-') }}"#,
            #"1-2-3"#
        ),
        (
            #"{{ ms | join(', ', attribute='role') }}"#,
            #"user, assistant, user"#
        ),
        (
            #"{{ l | join }}"#,
            #"123"#
        ),
        (
            #"{{ 'abc' | join('.') }}"#,
            #"a.b.c"#
        ),
        (
            #"{{ 'a-b-c'.partition('-') }}"#,
            #"('a', '-', 'b-c')"#
        ),
        (
            #"{{ 'a-b-c'.rpartition('-') }}"#,
            #"('a-b', '-', 'c')"#
        ),
        (
            #"{{ 'abc'.partition('x') }}"#,
            #"('abc', '', '')"#
        ),
        (
            #"{{ 'abc'.rpartition('x') }}"#,
            #"('', '', 'abc')"#
        ),
        (
            #"{{ 'abc'.removeprefix('a') }}"#,
            #"bc"#
        ),
        (
            #"{{ 'abc'.removesuffix('bc') }}"#,
            #"a"#
        ),
        (
            #"{{ 'ab'.center(7, '*') }}"#,
            #"***ab**"#
        ),
        (
            #"{{ 'a' | center(4) }}|"#,
            #" a  |"#
        ),
        (
            #"{{ 'ab\ncd\r\nef\n'.splitlines() }}"#,
            #"['ab', 'cd', 'ef']"#
        ),
        (
            #"{{ 'ab\ncd'.splitlines(true) }}"#,
            #"['ab\n', 'cd']"#
        ),
        (
            #"{{ '1²'.isdigit() }}"#,
            #"True"#
        ),
        (
            #"{{ 'abc'.isalpha() }}"#,
            #"True"#
        ),
        (
            #"{{ 'ABC'.isupper() }}"#,
            #"True"#
        ),
        (
            #"{{ ' \n'.isspace() }}"#,
            #"True"#
        ),
        (
            #"{{ ''.isspace() }}"#,
            #"False"#
        ),
        (
            #"{{ 'a1'.isalnum() }}"#,
            #"True"#
        ),
        (
            #"{{ '%s is %d and %.2f' % ('x', 3, 2.5) }}"#,
            #"x is 3 and 2.50"#
        ),
        (
            #"{{ '%s' % 5 }}"#,
            #"5"#
        ),
        (
            #"{{ '%5d|%-5d|%05d' % (3, 4, 5) }}"#,
            #"    3|4    |00005"#
        ),
        (
            #"{{ '%x %X %o' % (255, 255, 8) }}"#,
            #"ff FF 10"#
        ),
        (
            #"{{ '%(a)s' % {'a': 1} }}"#,
            #"1"#
        ),
        (
            #"{{ '100%%' % () }}"#,
            #"100%"#
        ),
        (
            #"{{ '%r' % 'q' }}"#,
            #"'q'"#
        ),
        (
            #"{{ '%s' | format('z') }}"#,
            #"z"#
        ),
        (
            #"{{ '%5.1f|%e|%g' % (1.25, 12345.678, 0.00001) }}"#,
            #"  1.2|1.234568e+04|1e-05"#
        ),
        (
            #"{{ '%s' % [1,2] }}"#,
            #"[1, 2]"#
        ),
        (
            #"{{ '{} {}'.format(1, 'a') }}"#,
            #"1 a"#
        ),
        (
            #"{{ '{0}{1}{0}'.format('a','b') }}"#,
            #"aba"#
        ),
        (
            #"{{ '{x}'.format(x=1) }}"#,
            #"1"#
        ),
        (
            #"{{ '{:>5}|{:<5}|{:^5}'.format('a','b','c') }}"#,
            #"    a|b    |  c  "#
        ),
        (
            #"{{ '{:.2f} {:d} {:5d} {:05d} {:,}'.format(3.14159, 3, 4, 5, 1234567) }}"#,
            #"3.14 3     4 00005 1,234,567"#
        ),
    ]
}
