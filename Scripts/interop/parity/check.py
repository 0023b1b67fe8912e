"""Loads with transformers and PEFT what the embedded backend has saved (`ours*/` beside the references), compares the
logprobs, and prints a table of the largest differences from PyTorch.

    python check.py DIRECTORY          (the one that make.py wrote, after the tests have run on it)
"""
import collections, pathlib, sys, warnings

import torch
from peft import PeftModel
from safetensors.torch import load_file

from make import load

# Relative errors in the Euclidean norm.
BOUNDS = {"logprobs": 1e-5, "loss": 1e-5, "gradients": 1e-4, "AdamW step": 1e-4, "read back": 1e-5}
COLUMNS = [*BOUNDS]


def group(quantity):
    quantity = quantity.removeprefix("adapter.")
    if quantity.startswith("adamw."):
        return "AdamW step"
    return "gradients" if ".grad." in quantity else "loss" if quantity.endswith(".loss") else "logprobs"


def logprobs_of(model, reference):
    found, start = [], 0
    with torch.no_grad():
        for length in reference["lengths"].tolist():
            ids, targets = (reference[k][start:start + length] for k in ("input_ids", "target_tokens"))
            line = torch.log_softmax(model(input_ids=ids[None]).logits[0].float(), -1)
            found.append(line.gather(-1, targets[:, None])[:, 0])
            start += length
    return torch.cat(found)


def read_back(directory):
    """Name of the row, and the difference of what transformers or PEFT computes from what the backend did."""
    reference = load_file(directory / "reference.safetensors")
    for part, suffix in [("ours", ""), ("ours-adapter", " + LoRA")]:
        if not (directory / part / "computed.safetensors").exists():
            continue
        ours = load_file(directory / part / "computed.safetensors")["target_logprobs"]
        models = [load(directory / part / "merged")]
        if part == "ours":
            models.append(load(directory / part))
        else:
            models.append(PeftModel.from_pretrained(load(directory / "model"), directory / part).eval())
        for model in models:
            yield suffix, float((logprobs_of(model, reference) - ours).norm() / ours.norm())


def main(root):
    warnings.filterwarnings("ignore")
    worst = collections.defaultdict(lambda: collections.defaultdict(float))
    for line in (root / "differences.tsv").read_text().splitlines():
        model, quantity, difference = line.split("\t")
        row = model + (" + LoRA" if quantity.startswith("adapter.") else "")
        worst[row][group(quantity)] = max(worst[row][group(quantity)], float(difference))
    for directory in sorted(p for p in root.iterdir() if p.is_dir()):
        for suffix, difference in read_back(directory):
            row = worst[directory.name + suffix]
            row["read back"] = max(row["read back"], difference)
    print(f"\n{'largest relative difference':28}" + "".join(f"{c:>12}" for c in COLUMNS))
    failures = 0
    for row in sorted(worst):
        cells = [worst[row].get(column) for column in COLUMNS]
        failures += sum(cell is None or not cell <= BOUNDS[column] for column, cell in zip(COLUMNS, cells))
        print(f"{row:28}" + "".join(f"{'missing' if cell is None else f'{cell:.1e}':>12}" for cell in cells))
    print(f"{'bound':28}" + "".join(f"{BOUNDS[c]:12.0e}" for c in COLUMNS))
    if failures or not worst:
        print(f"error: {failures} cells are beyond their bound or missing")
    return 1 if failures or not worst else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
