import Primitives

/// The same workload under a dispatcher in the manner of prime-rl's: one asyncio loop that waits with `asyncio.wait` for the
/// first of a list of all tasks in flight, and refills (`orchestrator/dispatcher.py`). Written for this benchmark, because
/// prime-rl itself needs a GPU and is not on PyPI; the durations are those of the workload.
struct SchedulePeer {
    static let name = "asyncio.wait dispatcher"
    var python: String

    func result(_ workload: ScheduleWorkload) throws -> ScheduleResult {
        let answer = try PythonPeer(interpreter: python).run(
            Self.script,
            input: [
                "durations": .array(
                    (1...workload.steps).map { step in .array(workload.seconds(step: step).map { .number($0) }) }),
                "train": .number(workload.trainSeconds), "staleness": .integer(workload.staleness),
                "slots": .integer(workload.slots),
            ])
        return ScheduleResult(
            seconds: try answer.double(at: "seconds"), trainingSeconds: try answer.double(at: "training"),
            episodeSeconds: try answer.double(at: "episodes"))
    }

    private static let script = #"""
        import asyncio, time
        DURATIONS, TRAIN, STALENESS, SLOTS = INPUT["durations"], INPUT["train"], INPUT["staleness"], INPUT["slots"]
        STEPS = len(DURATIONS)
        spent = {"training": 0.0, "episodes": 0.0}

        async def timed(kind, seconds):
            start = time.perf_counter()
            await asyncio.sleep(seconds)
            spent[kind] += time.perf_counter() - start

        async def main():
            start = time.perf_counter()
            missing = [len(step) for step in DURATIONS]
            tickets = ((step, seconds) for step, durations in enumerate(DURATIONS) for seconds in durations)
            waiting = next(tickets)
            inflight, step_of, trained, training = set(), {}, 0, None
            while trained < STEPS:
                while waiting and len(step_of) < SLOTS and waiting[0] <= trained + STALENESS:
                    task = asyncio.create_task(timed("episodes", waiting[1]))
                    step_of[task] = waiting[0]
                    inflight.add(task)
                    waiting = next(tickets, None)
                if training is None and missing[trained] == 0:
                    training = asyncio.create_task(timed("training", TRAIN))
                    inflight.add(training)
                done, _ = await asyncio.wait(list(inflight), return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    inflight.discard(task)
                    if task is training:
                        training, trained = None, trained + 1
                    else:
                        missing[step_of.pop(task)] -= 1
            print(json.dumps({"seconds": time.perf_counter() - start, **spent}))

        asyncio.run(main())
        """#
}
