import Primitives

/// Other programs that play single-turn episodes against the same server.
enum RolloutsPeer: String, CaseIterable {
    case verifiers = "verifiers SingleTurnEnv"
    case raw = "raw asyncio loop"

    /// Costs by `getrusage` of the peer's process, after a warm-up.
    func run(python: String, url: String, inFlight: Int, episodes: Int) throws -> RolloutsLoad.Cost {
        let interpreter = PythonPeer(interpreter: python)
        if self == .verifiers, !interpreter.imports("verifiers") {
            throw PythonPeer.Failure(description: "verifiers is not installed in \(python)")
        }
        let answer = try interpreter.run(
            Self.common + (self == .verifiers ? Self.verifiersScript : Self.rawScript),
            input: ["url": .string(url), "in_flight": .integer(inFlight), "episodes": .integer(episodes)],
            environment: ["OPENAI_API_KEY": "benchmark", "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"])
        return RolloutsLoad.Cost(
            processor: try answer.double(at: "processor"), perSecond: try answer.double(at: "per_second"),
            peakMemory: try answer.double(at: "peak"))
    }

    private static let common = #"""
        import asyncio, resource, time
        URL, IN_FLIGHT, EPISODES = INPUT["url"], INPUT["in_flight"], INPUT["episodes"]
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        QUESTION = "Case %d: which drug is of first choice for the relief of the disease of the airways?"

        def processor():
            usage = resource.getrusage(resource.RUSAGE_SELF)
            return usage.ru_utime + usage.ru_stime

        async def measure(play):
            before, start = processor(), time.perf_counter()
            count = await play(EPISODES)
            spent, wall = processor() - before, time.perf_counter() - start
            print(json.dumps({"processor": spent / count, "per_second": count / wall,
                              "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))

        """#

    private static let rawScript = #"""
        BODY = json.dumps({"model": "mock", "messages": [{"role": "user", "content": QUESTION % 1}],
                           "max_tokens": 512, "temperature": 1.0}).encode()
        HEAD = ("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                "content-length: %d\r\n\r\n" % len(BODY)).encode()
        HOST, PORT = URL.removeprefix("http://").split(":")
        pool = []

        async def episode():
            reader, writer = pool.pop() if pool else await asyncio.open_connection(HOST, int(PORT), limit=1 << 20)
            writer.write(HEAD + BODY)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head[head.find(b"content-length:") + 15:].split(b"\r\n", 1)[0])
            text = json.loads(await reader.readexactly(length))["choices"][0]["message"]["content"]
            pool.append((reader, writer))
            assert "<answer>salbutamol</answer>" in text

        async def play(count):
            gate = asyncio.Semaphore(IN_FLIGHT)
            async def one():
                async with gate:
                    await episode()
            await asyncio.gather(*(one() for _ in range(count)))
            return count

        async def main():
            await play(min(200, EPISODES))
            await measure(play)

        asyncio.run(main())
        """#

    private static let verifiersScript = #"""
        import logging
        import verifiers as vf
        from datasets import Dataset
        logging.disable(logging.ERROR)
        GROUP = 8
        rows = [{"question": QUESTION % number, "answer": "salbutamol"} for number in range(max(1, EPISODES // GROUP))]
        dataset = Dataset.from_list(rows)

        async def correct(completion, answer, **more):
            text = completion[-1]["content"]
            return 1.0 if answer in text.split("<answer>")[-1] else 0.0

        environment = vf.SingleTurnEnv(
            dataset=dataset, eval_dataset=dataset, rubric=vf.Rubric(funcs=[correct], weights=[1.0]))
        try:
            from verifiers.types import ClientConfig
            client = ClientConfig(api_base_url=URL + "/v1", api_key_var="OPENAI_API_KEY")
        except ImportError:
            from openai import AsyncOpenAI
            client = AsyncOpenAI(base_url=URL + "/v1", api_key="benchmark")

        async def play(count):
            result = await environment.evaluate(
                client=client, model="mock", sampling_args={"max_tokens": 512, "temperature": 1.0},
                num_examples=max(1, count // GROUP), rollouts_per_example=GROUP, max_concurrent=IN_FLIGHT)
            outputs = result["outputs"] if isinstance(result, dict) else result
            rewards = outputs.reward if hasattr(outputs, "reward") else [output["reward"] for output in outputs]
            assert all(reward == 1.0 for reward in rewards), rewards[:4]
            return len(rewards)

        async def main():
            await play(4 * GROUP)
            await measure(play)

        asyncio.run(main())
        """#
}
