"""Drives a server's OpenAI-compatible endpoints with the installed openai SDK and prints one JSON line per capability.

usage: openai_walk.py BASE_URL MODEL     (key in TINKER_API_KEY)
"""

import json
import os
import sys
import time
import traceback
import urllib.request

import openai

url, base = sys.argv[1], sys.argv[2]
key = os.environ["TINKER_API_KEY"]
client = openai.OpenAI(base_url=url + "/v1", api_key=key, max_retries=0)
CAPABILITIES = []
HELLO = [{"role": "user", "content": "hello"}]


def capability(name):
    def add(function):
        CAPABILITIES.append((name, function))
        return function
    return add


def check(condition, what="unexpected result"):
    if not condition:
        raise AssertionError(what)


def tinker(path, body):
    request = urllib.request.Request(
        f"{url}/api/v1/{path}", json.dumps(body).encode(), {"X-API-Key": key, "Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def promised(path, body):
    promise = tinker(path, body)
    while True:
        result = tinker("retrieve_future", {"request_id": promise["request_id"]})
        if result.get("type") != "try_again":
            return result


@capability("models")
def _():
    check(base in [m.id for m in client.models.list()])
    check(client.models.retrieve(base).id == base)


@capability("completions")
def _():
    answer = client.completions.create(model=base, prompt="hello", max_tokens=5, seed=1, logprobs=2, n=2)
    check(len(answer.choices) == 2 and answer.usage.completion_tokens >= 2)
    choice = answer.choices[0]
    check(len(choice.logprobs.tokens) == len(choice.logprobs.token_logprobs) and choice.logprobs.top_logprobs)
    again = client.completions.create(model=base, prompt="hello", max_tokens=5, seed=1)
    check(again.choices[0].text == choice.text)


@capability("completions with token ids")
def _():
    answer = client.completions.create(
        model=base, prompt=list(b"hello"), max_tokens=5, seed=1, extra_body={"return_token_ids": True})
    check(len(answer.choices[0].token_ids) >= 1 and answer.choices[0].prompt_token_ids == list(b"hello"))


@capability("streamed completions say the same")
def _():
    whole = client.completions.create(model=base, prompt="hello", max_tokens=24, seed=5).choices[0].text
    pieces = client.completions.create(
        model=base, prompt="hello", max_tokens=24, seed=5, stream=True, stream_options={"include_usage": True})
    pieces = list(pieces)
    check("".join(p.choices[0].text for p in pieces if p.choices) == whole)
    check(pieces[-1].usage.total_tokens >= 6)


@capability("stop texts")
def _():
    whole = client.completions.create(model=base, prompt="hello", max_tokens=24, seed=5).choices[0].text
    stop = next(c for c in whole if c.isascii())
    cut = client.completions.create(model=base, prompt="hello", max_tokens=24, seed=5, stop=[stop]).choices[0]
    check(cut.text == whole.split(stop)[0] and cut.finish_reason == "stop", (cut.text, whole))


@capability("chat")
def _():
    answer = client.chat.completions.create(
        model=base, messages=HELLO, max_completion_tokens=6, seed=1, logprobs=True, top_logprobs=3)
    choice = answer.choices[0]
    check(choice.message.role == "assistant" and choice.finish_reason in ("stop", "length"))
    check(len(choice.logprobs.content[0].top_logprobs) == 3)
    check(answer.usage.prompt_tokens > 5)


@capability("streamed chat says the same")
def _():
    arguments = {"model": base, "messages": HELLO, "max_tokens": 24, "seed": 4}
    whole = client.chat.completions.create(**arguments).choices[0].message.content
    pieces = client.chat.completions.create(stream=True, **arguments)
    check("".join(p.choices[0].delta.content or "" for p in pieces if p.choices) == whole)


@capability("tools are taken")
def _():
    tool = {"type": "function", "function": {"name": "look", "description": "Looks.",
                                             "parameters": {"type": "object", "properties": {}}}}
    answer = client.chat.completions.create(model=base, messages=HELLO, tools=[tool], max_tokens=4)
    check(answer.choices[0].finish_reason in ("stop", "length", "tool_calls"))


@capability("a trained checkpoint by its path")
def _():
    session = tinker("create_session", {"tags": []})["session_id"]
    model = promised("create_model", {"session_id": session, "model_seq_id": 0, "base_model": base})["model_id"]
    path = promised("save_weights_for_sampler", {"model_id": model, "path": "chat", "seq_id": 1})["path"]
    expected = client.completions.create(model=base, prompt="hello", max_tokens=5, seed=1).choices[0].text
    check(client.completions.create(model=path, prompt="hello", max_tokens=5, seed=1).choices[0].text == expected)
    other = openai.OpenAI(base_url=url + "/oai/api/v1", api_key=key, max_retries=0)
    check(path in [m.id for m in other.models.list()])


@capability("errors")
def _():
    for error, call in [
        (openai.NotFoundError, lambda: client.completions.create(model="gpt-x", prompt="a")),
        (openai.BadRequestError, lambda: client.completions.create(model=base, prompt="a", temperature=-1)),
        (openai.BadRequestError, lambda: client.chat.completions.create(model=base, messages=[])),
        (openai.AuthenticationError,
         lambda: openai.OpenAI(base_url=url + "/v1", api_key="wrong", max_retries=0).models.list()),
    ]:
        try:
            call()
        except error as caught:
            check(caught.body and caught.body["message"])
        else:
            raise AssertionError(f"no {error.__name__}")


for name, run in CAPABILITIES:
    start = time.monotonic()
    try:
        run()
        outcome, detail = "yes", ""
    except Exception as error:
        outcome, detail = "NO", f"{type(error).__name__}: {error}"[:400]
        traceback.print_exc()
    print(json.dumps({"name": name, "outcome": outcome, "detail": detail,
                      "seconds": round(time.monotonic() - start, 2)}), flush=True)
