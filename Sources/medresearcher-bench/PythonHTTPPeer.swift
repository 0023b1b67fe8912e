/// The peers of the transport: Python's asynchronous HTTP clients making the same requests.
enum PythonHTTPPeer {
    /// The modules, by preference of a user who wants speed.
    static let modules = ["aiohttp", "httpx"]

    static let script = #"""
        import asyncio
        import time

        BASE, HEADERS = INPUT["url"], {"X-API-Key": INPUT["key"]}


        class AioHTTP:
            async def __aenter__(self):
                import aiohttp

                self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=HEADERS)
                return self

            async def __aexit__(self, *error):
                await self.session.close()

            async def get(self, path):
                async with self.session.get(BASE + path) as response:
                    return json.loads(await response.read())

            async def post(self, path, body):
                headers = {"Content-Type": "application/json"}
                async with self.session.post(BASE + path, data=json.dumps(body), headers=headers) as response:
                    return json.loads(await response.read())


        class HTTPX:
            async def __aenter__(self):
                import httpx

                limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
                self.client = httpx.AsyncClient(limits=limits, headers=HEADERS, timeout=60, trust_env=False)
                return self

            async def __aexit__(self, *error):
                await self.client.aclose()

            async def get(self, path):
                return (await self.client.get(BASE + path)).json()

            async def post(self, path, body):
                return (await self.client.post(BASE + path, json=body)).json()


        async def sample(client, session, number):
            parameters = {"max_tokens": INPUT["tokens"], "seed": number, "stop": [], "temperature": 1.0,
                          "top_k": -1, "top_p": 1.0}
            prompt = {"chunks": [{"tokens": INPUT["prompt"], "type": "encoded_text"}]}
            promise = await client.post("/api/v1/asample", {
                "num_samples": 1, "prompt": prompt, "sampling_params": parameters, "sampling_session_id": session,
                "seq_id": number, "type": "sample"})
            while True:
                body = {"request_id": promise["request_id"], "allow_metadata_only": False}
                answer = await client.post("/api/v1/retrieve_future", body)
                if answer.get("type") != "try_again":
                    return answer["sequences"][0]["tokens"], answer["sequences"][0]["logprobs"]


        async def measure(client, concurrency, count, body):
            numbers = iter(range(count))

            async def worker():
                for number in numbers:
                    await body(number)

            start = time.process_time()
            await asyncio.gather(*(worker() for _ in range(concurrency)))
            return (time.process_time() - start) / count


        async def main():
            result, offset = [], 0
            async with (AioHTTP() if INPUT["module"] == "aiohttp" else HTTPX()) as client:
                opened = await client.post("/api/v1/create_session", {
                    "tags": [], "user_metadata": {}, "sdk_version": "0.0", "type": "create_session"})
                made = await client.post("/api/v1/create_sampling_session", {
                    "session_id": opened["session_id"], "sampling_session_seq_id": 0, "base_model": "minute",
                    "type": "create_sampling_session"})
                session = made["sampling_session_id"]
                for concurrency in INPUT["in_flight"]:
                    health, samples = [], []
                    for _ in range(INPUT["repetitions"] + 1):
                        first = offset
                        offset += INPUT["samples"]
                        health.append(await measure(
                            client, concurrency, INPUT["requests"], lambda _: client.get("/api/v1/healthz")))
                        samples.append(await measure(
                            client, concurrency, INPUT["samples"], lambda n: sample(client, session, first + n)))
                    middle = lambda values: sorted(values[1:])[(len(values) - 1) // 2]
                    result.append({"health": middle(health), "sample": middle(samples)})
            print(json.dumps(result))


        asyncio.run(main())
        """#
}
