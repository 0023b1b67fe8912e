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
