/// The peers of the transport: Python's asynchronous HTTP clients under the same loads.
enum PythonHTTPPeer {
    /// The fastest client in common use, and the one that most programs use.
    static let modules = ["aiohttp", "openai"]

    static let script = #"""
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


        async def main():
            result = []
            async with (AioHTTP() if INPUT["module"] == "aiohttp" else OpenAI()) as client:
                for load in INPUT["loads"]:
                    await measure(client, {**load, "waits": [0] * load["slots"]})
                    costs = [await measure(client, load) for _ in range(INPUT["repetitions"])]
                    result.append({name: median([cost[name] for cost in costs]) for name in costs[0]})
            print(json.dumps(result))


        asyncio.run(main())
        """#
}
