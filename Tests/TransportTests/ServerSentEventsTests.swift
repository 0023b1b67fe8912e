import Primitives
import Testing
import Transport

@Suite struct ServerSentEventsTests {
    private func events(_ text: String) -> [ServerSentEvent] {
        var decoder = ServerSentEvents()
        return decoder.decode(Array(text.utf8))
    }

    /// The examples of the HTML Standard, section 9.2.6, and streams of the web-platform-tests (eventsource/format-*).
    @Test(arguments: [
        (
            "data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n",
            ["This is the first message.", "This is the second message, it\nhas two lines."]
        ),
        ("data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"]),
        ("data\n\ndata\ndata\n\ndata:", ["", "\n"]),
        ("data:test\n\ndata: test\n\n", ["test", "test"]),
        ("data:\ttest\rdata: \ndata:test\n\n", ["\ttest\n\ntest"]),
        ("data:test\r\ndata\ndata:test\r\n\r", ["test\n\ntest"]),
        ("data:\0\n\n\n", ["\0"]),
        ("\u{FEFF}data:1\n\n\u{FEFF}data:2\n\ndata:3\n\n", ["1", "3"]),
        ("\u{FEFF}\u{FEFF}data:1\n\ndata:2\n\ndata:3\n\n", ["2", "3"]),
        ("data:1\r:\0\n:\r\ndata:2\n:long\rdata:3\n:data:fail\r:long\ndata:4\n\n", ["1\n2\n3\n4"]),
        (
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
            ["\0\n 2\n1\n3\n\n4"]
        ),
        ("event: test\n\ndata: x\n\n", ["x"]),
        ("data: ok…\u{1F600}\n\n", ["ok…\u{1F600}"]),
        ("data: unfinished\n", []),
        (": only a comment\n\n", []),
    ])
    func dataOfTheStandardsStreams(stream: String, data: [String]) {
        #expect(events(stream).map(\.data) == data)
    }

    @Test func typesAndIdentifiers() {
        let stream = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event"
        #expect(
            events(stream) == [
                ServerSentEvent(data: "first event", lastEventID: "1"), ServerSentEvent(data: "second event"),
            ])
        #expect(
            events("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: 1\n\n") == [
                ServerSentEvent(type: "add", data: "73857293"), ServerSentEvent(type: "remove", data: "2153"),
                ServerSentEvent(data: "1"),
            ])
        // An id stays until another comes; one with a null character is ignored.
        #expect(
            events("id: a\ndata: 1\n\ndata: 2\n\nid: b\0\ndata: 3\n\n").map(\.lastEventID) == ["a", "a", "a"])
    }

    @Test(
        arguments: [("retry: 3000\n", 3000), ("retry:3000x\n", nil), ("retry\n", nil), ("retry: -1\n", nil)]
            as [(String, Int?)])
    func reconnectionTimes(stream: String, time: Int?) {
        var decoder = ServerSentEvents()
        #expect(decoder.decode(Array(stream.utf8)).isEmpty)
        #expect(decoder.reconnectionTime == time)
    }

    @Test func invalidUTF8ReadsAsTheReplacementCharacter() {
        var decoder = ServerSentEvents()
        let data = decoder.decode(Array("data: a".utf8) + [0xFF, 0x62, 0x0A, 0x0A]).map(\.data)
        #expect(data == ["a\u{FFFD}b"])
    }

    @Test(arguments: 0..<200)
    func anyChunkingGivesTheSameEvents(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .reinforcement)
        let pieces = [
            "data", "event", "id", "retry", ":", " ", "\n", "\n", "\r", "\r\n", "\n\n", "x", "12", "\u{FEFF}", "é",
            "\0",
            "data: {\"a\":1}\n\n",
        ].map { Array($0.utf8) }
        let bytes = (0..<random.integer(below: 60)).flatMap { _ in pieces[random.integer(below: pieces.count)] }
        var whole = ServerSentEvents()
        let expected = whole.decode(bytes)
        var cut = ServerSentEvents()
        var found: [ServerSentEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, random.integer(below: 6))
            found += cut.decode(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(found == expected)
        #expect(cut.reconnectionTime == whole.reconnectionTime)
    }
}
