import Testing

@testable import Backends

@Suite struct AsyncSemaphoreTests {
    @Test func onePermitIsALock() async {
        let semaphore = AsyncSemaphore(permits: 1)
        let inside = Atomically((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    #expect(await semaphore.acquire())
                    inside.update { inside in
                        inside.now += 1
                        inside.most = max(inside.most, inside.now)
                    }
                    await Task.yield()
                    inside.update { $0.now -= 1 }
                    semaphore.release()
                }
            }
        }
        #expect(inside.value.most == 1)
        #expect(await semaphore.acquire())
    }

    @Test func aCancelledWaiterLeavesTheQueueWithoutAPermit() async {
        let semaphore = AsyncSemaphore(permits: 1)
        #expect(await semaphore.acquire())
        let waiter = Task { await semaphore.acquire() }
        await Task.yield()
        waiter.cancel()
        #expect(await waiter.value == false)
        semaphore.release()
        #expect(await semaphore.acquire())
    }

    @Test func aTaskCancelledBeforehandGetsNoPermit() async {
        let semaphore = AsyncSemaphore(permits: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await semaphore.acquire()
        }
        #expect(await task.value == false)
        #expect(await semaphore.acquire())
    }
}

@Suite struct WeightedSemaphoreTests {
    /// A large request is not overtaken for ever, and whoever stands behind a cancelled one moves up.
    @Test func requestsAreServedInOrderByWeight() async throws {
        let semaphore = AsyncSemaphore(permits: 10)
        #expect(await semaphore.acquire(8))
        let order = Atomically<[String]>([])
        func waiter(_ name: String, _ count: Int) -> Task<Bool, Never> {
            Task {
                let isServed = await semaphore.acquire(count)
                order.update { $0.append(isServed ? name : name + " cancelled") }
                return isServed
            }
        }
        let large = waiter("large", 9)
        try await Task.sleep(for: .milliseconds(20))
        let small = waiter("small", 2)
        try await Task.sleep(for: .milliseconds(20))
        #expect(order.value == [])
        large.cancel()
        #expect(await large.value == false)
        #expect(await small.value)
        semaphore.release(2)
        semaphore.release(8)
        #expect(await semaphore.acquire(10))
    }
}
