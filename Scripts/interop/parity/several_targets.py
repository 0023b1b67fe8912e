"""What PyTorch makes of a cross-entropy with several targets per token (distillation of the likeliest tokens).

    python several_targets.py DIRECTORY…

writes `several_targets.safetensors` into directories that `make.py` made: `lengths` [B]; `input_ids` [sum of lengths];
`target_tokens` and `weights` [sum of lengths, 3], with zeros, negative weights, repeated targets and rows without weight;
`target_logprobs` of the same shape; `loss`, minus the sum of weights times logprobs; `grad.PARAMETER`.
"""
import pathlib, sys, warnings

import torch
from safetensors.torch import save_file

import make

COLUMNS, LENGTHS = 3, (9, 1, 14)


def results(directory, seed):
    generator = torch.Generator().manual_seed(seed)
    model = make.load(directory / "model")
    vocabulary = model.config.vocab_size
    found = {"lengths": torch.tensor(LENGTHS), "input_ids": [], "target_tokens": [], "weights": [], "target_logprobs": []}
    loss = 0.0
    for length in LENGTHS:
        ids = torch.randint(0, vocabulary, (length,), generator=generator)
        targets = torch.randint(0, vocabulary, (length, COLUMNS), generator=generator)
        targets[::4, 1] = targets[::4, 0]
        weights = torch.randn((length, COLUMNS), generator=generator)
        weights[torch.rand((length, COLUMNS), generator=generator) < 0.3] = 0
        weights[2::5] = 0
        logprobs = make.all_logprobs(model, ids).gather(-1, targets)
        loss = loss - (weights * logprobs).sum()
        for name, value in [("input_ids", ids), ("target_tokens", targets), ("weights", weights),
                            ("target_logprobs", logprobs.detach())]:
            found[name].append(value)
    loss.backward()
    found = {name: torch.cat(value) if isinstance(value, list) else value for name, value in found.items()}
    found["loss"] = loss.detach().reshape(1)
    found |= {f"grad.{n}": p.grad.clone() for n, p in model.named_parameters()}
    return {name: value.contiguous() for name, value in found.items()}


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for number, directory in enumerate(map(pathlib.Path, sys.argv[1:]), 1):
        save_file(results(directory, number), directory / "several_targets.safetensors")
