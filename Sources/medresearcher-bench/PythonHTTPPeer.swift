import Primitives

/// A peer of the transport: one of Python's asynchronous HTTP clients under the same loads.
struct PythonHTTPPeer {
    /// The fastest client in common use, and the one that most programs use.
    static let modules = ["aiohttp", "openai"]

    /// How long all repetitions of one load may take. Those that are complete by then, or before a failure, count; a load
    /// without any has failed.
    static let secondsForEachLoad = 120

    /// What became of one load; the text says why there is no cost.
    enum Outcome {
        case cost(TransportLoad.Cost)
        case failure(String)
    }

    var interpreter: PythonPeer
    var module: String

    /// One outcome for each load, in their order.
    func run(_ loads: [TransportLoad], url: String, repetitions: Int) throws -> [Outcome] {
        guard interpreter.imports(module) else { throw PythonPeer.Failure(description: "it is not installed") }
        let answer = try interpreter.run(
            Self.script,
            input: [
                "module": .string(module), "url": .string(url), "body": TransportLoad.body,
                "repetitions": .integer(repetitions), "seconds": .integer(Self.secondsForEachLoad),
                "loads": .array(
                    loads.map { load in
                        [
                            "kind": .string(load.kind.rawValue), "slots": .integer(load.slots),
                            "waits": .array(load.waits.map { .integer($0) }),
                        ]
                    }),
            ])
        let outcomes = try (answer.arrayValue ?? []).map { outcome -> Outcome in
            if let failure = outcome["failure"]?.stringValue { return .failure(failure) }
            return .cost(
                TransportLoad.Cost(
                    processor: try outcome.double(at: "processor"),
                    addedLatency: try outcome.double(at: "added_latency"),
                    makespan: try outcome.double(at: "makespan")))
        }
        guard outcomes.count == loads.count else { throw PythonPeer.Failure(description: "it answered \(answer.text)") }
        return outcomes
    }

    private static let script = #"""
        import asyncio
        import time

        URL, BODY = INPUT["url"], INPUT["body"]


        class AioHTTP:
            async def __aenter__(self):
                import aiohttp

                headers = {"Authorization": "Bearer benchmark"}
                self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers)
                return self

            async def __aexit__(self, *error):
                await self.session.close()

            async def chat(self, kind, wait):
                url = f"{URL}/{kind}/v1/chat/completions?wait={wait}"
                async with self.session.post(url, json=BODY) as response:
                    choice = (await response.json())["choices"][0]
                if kind == "small":
                    return choice["message"]["content"]
                return [token["logprob"] for token in choice["logprobs"]["content"]], choice["token_ids"]


        class OpenAI:
            async def __aenter__(self):
                import httpx
                import openai

                self.clients = {}
                for kind in ("small", "logprobs"):
                    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
                    self.clients[kind] = openai.AsyncOpenAI(
                        base_url=f"{URL}/{kind}/v1", api_key="benchmark", max_retries=0, timeout=600,
                        http_client=openai.DefaultAsyncHttpxClient(limits=limits, trust_env=False))
                return self

            async def __aexit__(self, *error):
                for client in self.clients.values():
                    await client.close()

            async def chat(self, kind, wait):
                completions = self.clients[kind].chat.completions
                choice = (await completions.create(**BODY, extra_query={"wait": wait})).choices[0]
                if kind == "small":
                    return choice.message.content
                return [token.logprob for token in choice.logprobs.content], choice.token_ids


        async def measure(client, load):
            waits, added = iter(load["waits"]), []

            async def worker():
                for wait in waits:
                    begin = time.perf_counter()
                    await client.chat(load["kind"], wait)
                    added.append(time.perf_counter() - begin - wait * 1e-6)

            start, processor = time.perf_counter(), time.process_time()
            await asyncio.gather(*(worker() for _ in range(load["slots"])))
            count = len(load["waits"])
            return {"processor": (time.process_time() - processor) / count,
                    "added_latency": sorted(added)[min(count - 1, count * 99 // 100)],
                    "makespan": time.perf_counter() - start}


        def median(values):
            values = sorted(values)
            return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


        async def attempt(load, costs):
            async with (AioHTTP() if INPUT["module"] == "aiohttp" else OpenAI()) as client:
                await measure(client, {**load, "waits": [0] * load["slots"]})
                while len(costs) < INPUT["repetitions"]:
                    costs.append(await measure(client, load))


        async def main():
            # Takes seconds on a busy machine, which belong to no load.
            __import__(INPUT["module"])
            result = []
            for load in INPUT["loads"]:
                costs, failure = [], None
                try:
                    await asyncio.wait_for(attempt(load, costs), INPUT["seconds"])
                except asyncio.TimeoutError:
                    failure = f"it was not done after {INPUT['seconds']} s"
                except Exception as error:
                    failure = f"{type(error).__name__}: {error}"
                if costs:
                    result.append({name: median([cost[name] for cost in costs]) for name in costs[0]})
                else:
                    result.append({"failure": failure})
            print(json.dumps(result))


        asyncio.run(main())
        """#
}
