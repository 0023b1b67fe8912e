import Testing

@testable import Agents

@Suite struct RetryAfterTests {
    /// The date is the example of RFC 9110, section 5.6.7: 784111777 seconds after 1970.
    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("1.5", 1.5), ("999999", 86_400), ("Sun, 06 Nov 1994 08:49:37 GMT", 10),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0), (nil, nil), ("", nil), ("soon", nil), ("-3", nil), ("nan", nil),
            ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
        ] as [(String?, Double?)])
    func `the wait is read from seconds and from dates`(header: String?, expected: Double?) {
        #expect(RetryAfter.seconds(header, date: 784_111_767) == expected)
    }

    /// 951782400 is 2000-02-29 00:00:00 UTC (`date -u -d @951782400`).
    @Test func `leap days count`() {
        #expect(RetryAfter.seconds("Wed, 01 Mar 2000 00:00:00 GMT", date: 951_782_400) == 86_400)
        #expect(RetryAfter.seconds("Tue, 29 Feb 2000 00:00:30 GMT", date: 951_782_400) == 30)
    }
}
