import Testing

@testable import EmbeddedBackend

@Suite struct ServerPromiseStoreTests {
    @Test func aWaitEndsWithTheResult() async {
        let store = PromiseStore(epoch: "e")
        let id = store.create()
        async let waiting = store.result(of: id, waitingAtMost: .seconds(600))
        async let alsoWaiting = store.result(of: id, waitingAtMost: .seconds(600))
        store.fulfil(id, with: .json([1]))
        store.fulfil(id, with: .json([2]))
        #expect(await waiting == .result(.json([1])))
        #expect(await alsoWaiting == .result(.json([1])))
    }

    @Test func aWaitEndsWithItsLimit() async {
        let store = PromiseStore(epoch: "e")
        let id = store.create()
        #expect(await store.result(of: id, waitingAtMost: .milliseconds(1)) == .pending)
        #expect(await store.result(of: id, waitingAtMost: .zero) == .pending)
    }

    @Test func aWaitEndsWithItsTask() async {
        let store = PromiseStore(epoch: "e")
        let id = store.create()
        let task = Task { await store.result(of: id, waitingAtMost: .seconds(600)) }
        task.cancel()
        #expect(await task.value == .pending)
    }

    @Test func aClosedStoreHoldsNobody() async {
        let store = PromiseStore(epoch: "e")
        let id = store.create()
        async let waiting = store.result(of: id, waitingAtMost: .seconds(600))
        store.close()
        #expect(await waiting == .pending)
        #expect(await store.result(of: id, waitingAtMost: .seconds(600)) == .pending)
    }

    @Test func fetchedResultsAreDroppedAfterTheirGrace() async {
        let store = PromiseStore(epoch: "e", grace: .zero)
        let (first, second) = (store.create(), store.create())
        store.fulfil(first, with: .json([1]))
        store.fulfil(second, with: .json([2]))
        #expect(await store.result(of: first, waitingAtMost: .zero) == .result(.json([1])))
        _ = store.create()
        #expect(await store.result(of: first, waitingAtMost: .zero) == .expired)
        #expect(await store.result(of: second, waitingAtMost: .zero) == .result(.json([2])))
    }

    @Test func fetchedResultsAreDroppedWhenTheyAreTooLarge() async {
        let store = PromiseStore(epoch: "e", grace: .seconds(600), fetchedByteLimit: 3)
        let ids = (0..<3).map { _ in store.create() }
        for id in ids {
            store.fulfil(id, with: .json([1, 2]))
            _ = await store.result(of: id, waitingAtMost: .zero)
        }
        _ = store.create()
        #expect(await store.result(of: ids[0], waitingAtMost: .zero) == .expired)
        #expect(await store.result(of: ids[2], waitingAtMost: .zero) == .result(.json([1, 2])))
    }

    @Test(arguments: ["f-1", "e-2", "e-0", "e-x", "e", ""])
    func idsThatWereNeverIssuedAreUnknown(id: String) async {
        let store = PromiseStore(epoch: "e")
        _ = store.create()
        #expect(await store.result(of: id, waitingAtMost: .zero) == .unknown)
    }

    @Test func largeResultsAreAnnouncedToThoseWhoAsk() async {
        let store = PromiseStore(epoch: "e", grace: .zero)
        let id = store.create()
        store.fulfil(id, with: .json([1, 2, 3]))
        #expect(await store.result(of: id, waitingAtMost: .zero, sizeLimit: 2) == .large(byteCount: 3))
        _ = store.create()
        #expect(await store.result(of: id, waitingAtMost: .zero) == .result(.json([1, 2, 3])))
    }

    @Test func whatAClientHasIsDropped() async {
        let store = PromiseStore(epoch: "e")
        let (first, second) = (store.create(), store.create())
        store.fulfil(first, with: .json([1]))
        _ = await store.result(of: first, waitingAtMost: .zero)
        store.drop([first, second])
        #expect(await store.result(of: first, waitingAtMost: .zero) == .expired)
        #expect(store.isKept(second) && !store.isKept(first))
    }
}
