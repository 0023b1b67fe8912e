"""Drives a Tinker server with the installed tinker SDK, unchanged, and prints one JSON line per capability.

usage: sdk_walk.py BASE_URL MODEL RANK STATE     (key in TINKER_API_KEY)

The first walk writes the file STATE. Where it exists, the walk is the second one, after a restart of the server, and
checks that what the first one saved is still there.
"""

import json
import math
import os
import sys
import threading
import time
import traceback

# The SDK looks for torch (custom losses) when it is imported; one that is there anyway is lent to it.
if os.environ.get("TORCH_SITE"):
    sys.path.append(os.environ["TORCH_SITE"])

import tinker
from tinker import types

url, base, rank, memory = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
CAPABILITIES = []


def capability(name):
    def add(function):
        CAPABILITIES.append((name, function))
        return function
    return add


def check(condition, what="unexpected result"):
    if not condition:
        raise AssertionError(what)


def done(value):
    """The result of whatever an SDK call returned: some return futures, some futures of futures."""
    for _ in range(3):
        if not hasattr(value, "result"):
            return value
        value = value.result()
    return value


PROMPT = list(b"hello")


def datum(loss="cross_entropy", tokens=PROMPT):
    inputs, targets = tokens[:-1], tokens[1:]
    fields = {"target_tokens": types.TensorData(data=targets, dtype="int64", shape=[len(targets)])}

    def numbers(value):
        return types.TensorData(data=[value] * len(targets), dtype="float32", shape=[len(targets)])

    fields["weights"] = numbers(1.0)
    if loss != "cross_entropy":
        del fields["weights"]
        fields["logprobs"], fields["advantages"] = numbers(-5.0), numbers(0.5)
    return types.Datum(model_input=types.ModelInput.from_ints(inputs), loss_fn_inputs=fields)


def params(**members):
    return types.SamplingParams(**{"max_tokens": 6, "seed": 3, "temperature": 1.0, **members})


class World:
    """What capabilities hand to later ones."""


w = World()


def values(output, name="logprobs"):
    return [float(x) for x in output.loss_fn_outputs[0][name].data]


def sample(client=None, prompt=PROMPT, n=1, extra=None, **members):
    return done((client or w.sampler).sample(
        prompt=types.ModelInput.from_ints(list(prompt)), num_samples=n, sampling_params=params(**members),
        **(extra or {})))


@capability("service and capabilities")
def _():
    w.service = tinker.ServiceClient(base_url=url)
    names = [m.model_name for m in w.service.get_server_capabilities().supported_models]
    check(base in names, names)
    w.rest = w.service.create_rest_client()


@capability("create")
def _():
    w.trainer = w.service.create_lora_training_client(base_model=base, rank=rank, seed=1)
    info = w.trainer.get_info()
    check(info.model_name == base and bool(info.is_lora) == (rank > 0), info)


@capability("forward")
def _():
    output = done(w.trainer.forward([datum()], "cross_entropy"))
    w.before = values(output)
    check(len(w.before) == len(PROMPT) - 1 and all(x < 0 for x in w.before))
    check(abs(output.metrics["loss:sum"] + sum(w.before)) < 1e-3, output.metrics)


@capability("forward_backward cross_entropy")
def _():
    output = done(w.trainer.forward_backward([datum()], "cross_entropy"))
    check(values(output) == w.before, "forward and forward_backward differ")


@capability("optim_step")
def _():
    step = done(w.trainer.optim_step(types.AdamParams(learning_rate=1e-2)))
    check(step.metrics and step.metrics["grad_norm:mean"] > 0, step)
    after = values(done(w.trainer.forward([datum()], "cross_entropy")))
    check(sum(after) > sum(w.before), "the step did not help")


def policy(loss, config, expected):
    def run():
        output = done(w.trainer.forward_backward([datum(loss)], loss, loss_fn_config=config))
        total = sum(-expected(p, math.exp(p + 5.0)) for p in values(output))
        check(abs(output.metrics["loss:sum"] - total) < 1e-3 * max(1, abs(total)), (output.metrics, total))
        done(w.trainer.optim_step(types.AdamParams(learning_rate=1e-3)))
    CAPABILITIES.append((f"forward_backward {loss}", run))


policy("importance_sampling", None, lambda p, r: r * 0.5)
policy("ppo", {"clip_low_threshold": 0.7, "clip_high_threshold": 1.3},
       lambda p, r: min(r * 0.5, min(max(r, 0.7), 1.3) * 0.5))
policy("cispo", {"clip_low_threshold": 0.0, "clip_high_threshold": 2.0}, lambda p, r: min(r, 2.0) * 0.5 * p)
policy("dro", {"beta": 0.1}, lambda p, r: 0.5 * p - 0.05 * (p + 5.0) ** 2)


@capability("pipelined forward_backward and optim_step, many datums")
def _():
    first = w.trainer.forward_backward([datum() for _ in range(1500)], "cross_entropy")
    second = w.trainer.optim_step(types.AdamParams(learning_rate=1e-4))
    check(len(done(first).loss_fn_outputs) == 1500)
    check(done(second).metrics["grad_norm:mean"] > 0)


@capability("forward_backward_custom")
def _():
    def loss(data, logprobs):
        total = -sum(x.sum() for x in logprobs)
        return total, {"own:sum": float(total)}
    try:
        import torch  # noqa: F401
    except ImportError:
        raise NotImplementedError("torch is not installed")
    output = done(w.trainer.forward_backward_custom([datum()], loss))
    check("own:sum" in output.metrics, output.metrics)
    done(w.trainer.optim_step(types.AdamParams(learning_rate=1e-4)))


@capability("save state")
def _():
    w.state = done(w.trainer.save_state("state")).path
    w.saved = values(done(w.trainer.forward([datum()], "cross_entropy")))


@capability("load state, with and without optimizer")
def _():
    done(w.trainer.forward_backward([datum()], "cross_entropy"))
    done(w.trainer.optim_step(types.AdamParams(learning_rate=1e-2)))
    if hasattr(w.trainer, "load_state"):
        done(w.trainer.load_state(w.state))
        check(values(done(w.trainer.forward([datum()], "cross_entropy"))) == w.saved)
        done(w.trainer.load_state_with_optimizer(w.state))
        check(values(done(w.trainer.forward([datum()], "cross_entropy"))) == w.saved)


@capability("create from state, with and without optimizer")
def _():
    for make in ("create_training_client_from_state", "create_training_client_from_state_with_optimizer"):
        other = done(getattr(w.service, make)(w.state))
        check(values(done(other.forward([datum()], "cross_entropy"))) == w.saved, make)
        done(other.forward_backward([datum()], "cross_entropy"))
        done(other.optim_step(types.AdamParams(learning_rate=1e-3)))
        w.second = other


@capability("overwrite")
def _():
    try:
        again = done(w.second.save_state("again"))
        done(w.second.save_state("again", overwrite=True))
        check(again.path.endswith("/weights/again"))
    except TypeError:
        raise NotImplementedError("this SDK has no overwrite")


@capability("ephemeral sampler")
def _():
    w.sampler = done(w.trainer.save_weights_and_get_sampling_client())
    check(len(sample().sequences[0].tokens) > 0)


@capability("named sampler")
def _():
    w.named = done(w.trainer.save_weights_for_sampler("best", ttl_seconds=3600)).path
    client = done(w.service.create_sampling_client(model_path=w.named))
    check(sample(client).sequences[0].tokens == sample().sequences[0].tokens)


@capability("base model sampler")
def _():
    check(len(sample(done(w.service.create_sampling_client(base_model=base))).sequences) == 1)


@capability("sampler logprobs are the trainer's, bit for bit")
def _():
    drawn = sample(stop=[], max_tokens=12).sequences[0]
    tokens = PROMPT + list(drawn.tokens)
    output = done(w.trainer.forward([datum(tokens=tokens)], "cross_entropy"))
    check(values(output)[len(PROMPT) - 1:] == [float(x) for x in drawn.logprobs])


@capability("seeds")
def _():
    check(sample(seed=11).sequences[0].tokens == sample(seed=11).sequences[0].tokens)
    check(sample(seed=11, n=4).sequences[2].tokens == sample(seed=13).sequences[0].tokens)
    check(sample(seed=11, stop=[], max_tokens=12).sequences[0].tokens
          != sample(seed=99, stop=[], max_tokens=12).sequences[0].tokens)


@capability("temperature 0, top-k, top-p")
def _():
    greedy = sample(temperature=0.0, stop=[]).sequences[0].tokens
    check(sample(top_k=1, stop=[]).sequences[0].tokens == greedy)
    check(sample(top_p=1e-6, stop=[]).sequences[0].tokens == greedy)


@capability("stop ids")
def _():
    tokens = list(sample(stop=[], max_tokens=12).sequences[0].tokens)
    ended = sample(stop=[tokens[4]], max_tokens=12).sequences[0]
    check(list(ended.tokens) == tokens[:tokens.index(tokens[4]) + 1] and ended.stop_reason == "stop")


@capability("stop strings")
def _():
    # A sequence whose bytes are text; the tokens of this model are bytes.
    for seed in range(200):
        tokens = list(sample(stop=[], max_tokens=8, seed=seed).sequences[0].tokens)
        if all(32 < t < 127 for t in tokens[:4]):
            break
    else:
        raise AssertionError("no printable sample found")
    text = bytes(tokens[1:3]).decode()
    drawn = list(sample(stop=[text], max_tokens=8, seed=seed).sequences[0].tokens)
    check(drawn == tokens[:3], (drawn, tokens))
    check(sample(stop=text, max_tokens=8, seed=seed).sequences[0].stop_reason == "stop")


@capability("max_tokens left out")
def _():
    drawn = sample(max_tokens=None, stop=[], prompt=PROMPT * 95).sequences[0]
    check(len(drawn.tokens) == 512 - 5 * 95 and drawn.stop_reason == "length", len(drawn.tokens))


@capability("prompt logprobs")
def _():
    response = sample(extra={"include_prompt_logprobs": True})
    check(len(response.prompt_logprobs) == len(PROMPT) and response.prompt_logprobs[0] is None)
    check([float(x) for x in response.prompt_logprobs[1:]] == values(done(w.trainer.forward([datum()], "cross_entropy"))))
    check(len(done(w.sampler.compute_logprobs(types.ModelInput.from_ints(PROMPT)))) == len(PROMPT))


@capability("top-k prompt logprobs")
def _():
    response = sample(extra={"include_prompt_logprobs": True, "topk_prompt_logprobs": 3})
    top = response.topk_prompt_logprobs
    check(top is not None and len(top) == len(PROMPT) and len(top[2]) == 3, top)
    check(top[2][0][1] >= top[2][1][1] >= top[2][2][1], top[2])


@capability("many samples at once")
def _():
    futures = [w.sampler.sample(prompt=types.ModelInput.from_ints(PROMPT), num_samples=2,
                                sampling_params=params(seed=i)) for i in range(64)]
    check(all(len(done(f).sequences) == 2 for f in futures))


@capability("several clients at once")
def _():
    outcomes = {}

    def work(index):
        service = tinker.ServiceClient(base_url=url)
        trainer = service.create_lora_training_client(base_model=base, rank=rank, seed=1)
        for _ in range(3):
            first = trainer.forward_backward([datum()], "cross_entropy")
            second = trainer.optim_step(types.AdamParams(learning_rate=1e-2))
            done(first), done(second)
        sampler = done(trainer.save_weights_and_get_sampling_client())
        outcomes[index] = (values(done(trainer.forward([datum()], "cross_entropy"))),
                           list(sample(sampler).sequences[0].tokens))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Equal models that were trained side by side end with the same bits.
    check(len(outcomes) == 4 and all(outcomes[index] == outcomes[0] for index in outcomes), outcomes)


@capability("weights_info")
def _():
    info = done(w.rest.get_weights_info_by_tinker_path(w.state))
    check(info.base_model == base and info.is_lora == (rank > 0) and (info.lora_rank or 0) == rank, info)


@capability("training_runs")
def _():
    runs = done(w.rest.list_training_runs()).training_runs
    w.run = w.state.split("/")[2]
    check(w.run in [r.training_run_id for r in runs])
    run = done(w.rest.get_training_run(w.run))
    check(run.base_model == base and run.last_checkpoint.tinker_path == w.state, run)


@capability("checkpoints listing")
def _():
    found = {c.checkpoint_id for c in done(w.rest.list_checkpoints(w.run)).checkpoints}
    check({"weights/state", "sampler_weights/best"} <= found, found)
    everything = done(w.rest.list_user_checkpoints(limit=2))
    check(len(everything.checkpoints) == 2 and everything.cursor.total_count >= 3, everything)


@capability("checkpoint TTL")
def _():
    def expires():
        return [c for c in done(w.rest.list_checkpoints(w.run)).checkpoints if c.tinker_path == w.named][0].expires_at
    check(expires() is not None)
    done(w.rest.set_checkpoint_ttl_from_tinker_path(w.named, None))
    check(expires() is None)
    done(w.rest.set_checkpoint_ttl_from_tinker_path(w.named, 7200))
    check(expires() is not None)


@capability("publish and unpublish")
def _():
    done(w.rest.publish_checkpoint_from_tinker_path(w.named))
    check([c.public for c in done(w.rest.list_checkpoints(w.run)).checkpoints if c.tinker_path == w.named] == [True])
    done(w.rest.unpublish_checkpoint_from_tinker_path(w.named))


@capability("deletion, with a sampler that goes on")
def _():
    client = done(w.service.create_sampling_client(model_path=w.named))
    expected = sample(client).sequences[0].tokens
    done(w.rest.delete_checkpoint_from_tinker_path(w.named))
    check(w.named not in [c.tinker_path for c in done(w.rest.list_checkpoints(w.run)).checkpoints])
    check(sample(client).sequences[0].tokens == expected)


@capability("sessions and samplers")
def _():
    sessions = done(w.rest.list_sessions()).sessions
    check(len(sessions) >= 1)
    session = done(w.rest.get_session(sessions[-1]))
    check(session.training_run_ids is not None)
    if hasattr(w.rest, "get_sampler") and session.sampler_ids:
        check(done(w.rest.get_sampler(session.sampler_ids[0])).base_model == base)


@capability("refusals are terminal and clear")
def _():
    bad = datum()
    bad.loss_fn_inputs["weights"] = types.TensorData(data=[1.0], dtype="float32", shape=[1])
    try:
        done(w.second.forward_backward([bad], "cross_entropy"))
    except Exception as error:
        check("weights" in str(error), error)
    else:
        raise AssertionError("a batch of the wrong shape was accepted")


def listing(rest):
    found = done(rest.list_user_checkpoints(limit=100)).checkpoints
    return sorted([c.tinker_path, str(c.time), str(c.expires_at), c.public] for c in found)


def remember():
    with open(memory, "w") as file:
        json.dump({"state": w.state, "saved": w.saved, "listing": listing(w.rest)}, file)


@capability("unload")
def _():
    call = getattr(w.trainer, "unload_model", None)
    if call is not None:
        done(call())
        return
    import urllib.request

    def post(path, body):
        request = urllib.request.Request(
            url + "/api/v1/" + path, json.dumps(body).encode(),
            {"X-API-Key": os.environ["TINKER_API_KEY"], "Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))
    # This SDK has no call for it; the endpoint is asked directly.
    promise = post("unload_model", {"model_id": w.run})
    check(post("retrieve_future", {"request_id": promise["request_id"]})["model_id"] == w.run)


@capability("close")
def _():
    remember()
    if hasattr(w.service, "close"):
        done(w.service.close("success"))
    else:
        raise NotImplementedError("this SDK ends with its process")


def restarted():
    with open(memory) as file:
        before = json.load(file)
    service = tinker.ServiceClient(base_url=url)
    rest = service.create_rest_client()
    check(before["listing"] and listing(rest) == before["listing"], (listing(rest), before["listing"]))
    check(before["state"].split("/")[2] in [r.training_run_id for r in done(rest.list_training_runs()).training_runs])
    trainer = done(service.create_training_client_from_state_with_optimizer(before["state"]))
    check(values(done(trainer.forward([datum()], "cross_entropy"))) == before["saved"], "other weights")
    check(done(trainer.save_state("later")).path not in [row[0] for row in before["listing"]], "a path is used again")


if os.path.exists(memory):
    CAPABILITIES = [("restart of the server, listing and states intact", restarted)]

for name, run in CAPABILITIES:
    start = time.monotonic()
    try:
        run()
        outcome, detail = "yes", ""
    except NotImplementedError as reason:
        outcome, detail = "n/a", str(reason)
    except Exception as error:
        outcome, detail = "NO", f"{type(error).__name__}: {error}"[:400]
        traceback.print_exc()
    print(json.dumps({"name": name, "outcome": outcome, "detail": detail,
                      "seconds": round(time.monotonic() - start, 2)}), flush=True)
sys.stdout.flush()
os._exit(0)
