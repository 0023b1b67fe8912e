"""Gradient norms of the plain sum over tokens, by PyTorch, next to those that a server reported to our client.

Usage: skyrl_gradients.py MODEL_DIRECTORY CHECKPOINTS FILE

FILE is what `medresearcher-bench gradients` wrote; CHECKPOINTS is the directory below which the server keeps the adapter that
FILE names (a tar.gz in PEFT layout). Ends with status 1 if a norm differs by more than 1 % or if nothing was compared.
"""

import json
import pathlib
import sys
import tarfile
import tempfile

import torch
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoModelForCausalLM

TOLERANCE = 0.01


def objective(case, logp, q, advantage):
    settings = case["settings"]
    ratio = torch.exp(logp - q)
    name = case["loss"]
    if name == "cross_entropy":
        return logp
    if name == "importance_sampling":
        return ratio * advantage
    if name == "dro":
        return advantage * logp - 0.5 * settings["beta"] * (logp - q) ** 2
    clipped = ratio.clamp(settings["clip_low_threshold"], settings["clip_high_threshold"])
    if name == "ppo":
        return torch.minimum(ratio * advantage, clipped * advantage)
    if name == "cispo":
        return clipped.detach() * advantage * logp
    raise SystemExit(f"unknown loss {name}")


def norm(model, case):
    model.zero_grad()
    for datum in case["datums"]:
        logits = model(input_ids=torch.tensor([datum["input"]])).logits[0].float()
        target = torch.tensor(datum["target"])
        logp = torch.log_softmax(logits, dim=-1)[torch.arange(len(target)), target]
        q, advantage, weights = (torch.tensor(datum[key]) for key in ("logprobs", "advantages", "weights"))
        (-(weights * objective(case, logp, q, advantage)).sum()).backward()
    squares = [p.grad.pow(2).sum() for n, p in model.named_parameters() if "lora_" in n and p.grad is not None]
    return float(torch.stack(squares).sum().sqrt())


def adapter_directory(checkpoints, reference):
    name = reference.rsplit("/", 1)[-1]
    archives = sorted(pathlib.Path(checkpoints).rglob(f"{name}.tar.gz"))
    if not archives:
        raise SystemExit(f"no {name}.tar.gz below {checkpoints}")
    directory = tempfile.mkdtemp()
    with tarfile.open(archives[-1]) as archive:
        archive.extractall(directory, filter="data")
    config = next(pathlib.Path(directory).rglob("adapter_config.json"))
    # SkyRL 0.3.0 leaves target_modules open; PEFT's default for the architecture would drop half of the adapters.
    values = json.loads(config.read_text())
    with safe_open(str(config.parent / "adapter_model.safetensors"), "pt") as tensors:
        values["target_modules"] = sorted({name.split(".lora_")[0].rsplit(".", 1)[-1] for name in tensors.keys()})
    config.write_text(json.dumps(values))
    return str(config.parent)


def main():
    base, checkpoints, path = sys.argv[1:4]
    file = json.load(open(path))
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    model = PeftModel.from_pretrained(model, adapter_directory(checkpoints, file["adapter"]), is_trainable=True)
    worst = 0.0
    print(f"{'loss':22}{'weights':12}{'server':>12}{'PyTorch':>12}{'difference':>12}")
    for case in file["cases"]:
        expected = norm(model, case)
        difference = abs(case["norm"] - expected) / expected
        worst = max(worst, difference)
        print(f"{case['loss']:22}{case['weights']:12}{case['norm']:12.5f}{expected:12.5f}{difference:12.2%}")
    print(f"largest difference {worst:.3%} of {len(file['cases'])} norms")
    sys.exit(0 if file["cases"] and worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
