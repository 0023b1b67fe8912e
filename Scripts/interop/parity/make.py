"""Random tiny models of every architecture that the embedded backend runs, and what PyTorch computes with them.

    python make.py DIRECTORY [--seed N]

writes one directory per configuration:

    model/                  Hugging Face layout as transformers saves it (single file or shards; float32, bfloat16, float16)
    adapter/                a LoRA adapter with random A and B, as PEFT saves it
    reference.safetensors   float32 results on the (widened) weights; names below

Batch, sequences one after another: `lengths` [B]; `input_ids`, `target_tokens`, `weights`, `logprobs` (the sampler's),
`advantages` [sum of lengths].
Results: `vocabulary_logprobs` [length of sequence 0, V]; `target_logprobs`; for the losses `cross_entropy` and `ppo`:
`LOSS.loss` and `LOSS.grad.PARAMETER`, the gradients of the sum; `adamw.PARAMETER` after one step on cross_entropy;
`greedy.prompt`, `greedy.tokens`, `greedy.logprobs`. `adapter.` stands before the same for the adapted model, gradients
and AdamW for A and B alone.
"""
import argparse, json, pathlib, shutil, warnings

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config, Qwen3Config

ADAMW = dict(lr=2e-3, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.01)
ATTENTION, FEED_FORWARD = ["q_proj", "k_proj", "v_proj", "o_proj"], ["gate_proj", "up_proj", "down_proj"]

SMALL = dict(vocab_size=41, hidden_size=16, intermediate_size=20, num_hidden_layers=2, max_position_embeddings=96,
             initializer_range=0.02, attention_dropout=0.0, bos_token_id=None, pad_token_id=None, eos_token_id=1)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32)

# name: (configuration class, its arguments, how the model is saved, the adapter's rank, alpha and targets)
MODELS = {
    "qwen3-tied": (Qwen3Config, dict(num_attention_heads=4, num_key_value_heads=2, head_dim=6, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=1e6)), dict(), (3, 6, ATTENTION + FEED_FORWARD)),
    "qwen3-untied-bias": (Qwen3Config, dict(num_attention_heads=3, num_key_value_heads=1, head_dim=8,
        tie_word_embeddings=False, attention_bias=True), dict(dtype=torch.bfloat16, max_shard_size="3KB"),
        (2, 5, ATTENTION + ["lm_head"])),
    "qwen3-yarn": (Qwen3Config, dict(num_attention_heads=2, num_key_value_heads=2, head_dim=16, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="yarn", rope_theta=1e4, factor=4.0, original_max_position_embeddings=24)),
        dict(dtype=torch.bfloat16), (2, 4, ["k_proj", "up_proj"])),
    "qwen2-tied": (Qwen2Config, dict(num_attention_heads=4, num_key_value_heads=4, tie_word_embeddings=True,
        rms_norm_eps=1e-5), dict(dtype=torch.float16), (4, 32, FEED_FORWARD)),
    "qwen2-untied": (Qwen2Config, dict(num_attention_heads=2, num_key_value_heads=1, tie_word_embeddings=False,
        eos_token_id=[3, 1]), dict(dtype=torch.bfloat16), (1, 2, ["q_proj", "v_proj"])),
    "llama-llama3": (LlamaConfig, dict(num_attention_heads=4, num_key_value_heads=1, tie_word_embeddings=False,
        rope_parameters=dict(rope_theta=5e4, **LLAMA3)), dict(max_shard_size="6KB"), (2, 8, ATTENTION + FEED_FORWARD)),
    "llama-bias-linear": (LlamaConfig, dict(num_attention_heads=2, num_key_value_heads=2, head_dim=10,
        tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
        rope_parameters=dict(rope_type="linear", factor=2.5, rope_theta=1e4)), dict(dtype=torch.float16, max_shard_size="3KB"),
        (3, 3, ["gate_proj", "o_proj", "down_proj"])),
}


def randomize(model, generator):
    """Weights large enough that attention, gates and logits are far from uniform."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if name.endswith("norm.weight"):
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith(".bias"):
                parameter.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                parameter.copy_(0.5 * noise)
            else:
                parameter.copy_(noise / parameter.shape[-1] ** 0.5)


class Batch:
    def __init__(self, vocabulary, generator, lengths=(13, 40, 2, 7)):
        self.sequences = []
        for length in lengths:
            full = torch.randint(0, vocabulary, (length + 1,), generator=generator)
            weights = (torch.rand(length, generator=generator) < 0.7).float()
            self.sequences.append(dict(ids=full[:-1], targets=full[1:], weights=weights,
                advantages=weights * torch.randn(length, generator=generator)))

    def set_sampler_logprobs(self, logprobs, generator):
        for sequence, values in zip(self.sequences, logprobs):
            sequence["logprobs"] = (values + 0.3 * torch.randn(values.shape, generator=generator)).detach()

    def tensors(self):
        join = lambda key: torch.cat([s[key] for s in self.sequences])
        return {"lengths": torch.tensor([len(s["ids"]) for s in self.sequences]), "input_ids": join("ids"),
                "target_tokens": join("targets"), "weights": join("weights"), "logprobs": join("logprobs"),
                "advantages": join("advantages")}


def all_logprobs(model, ids):
    return torch.log_softmax(model(input_ids=ids[None]).logits[0].float(), -1)


def target_logprobs(model, batch):
    return [all_logprobs(model, s["ids"]).gather(-1, s["targets"][:, None])[:, 0] for s in batch.sequences]


def loss_of(kind, model, batch):
    total = 0.0
    for sequence, logprobs in zip(batch.sequences, target_logprobs(model, batch)):
        if kind == "cross_entropy":
            objective = sequence["weights"] * logprobs
        else:
            ratio, advantages = torch.exp(logprobs - sequence["logprobs"]), sequence["advantages"]
            objective = sequence["weights"] * torch.minimum(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages)
        total = total - objective.sum()
    return total


def results(model, batch, prefix, name_of=lambda name: name):
    """What one model computes; the model is trained by one step at the end."""
    found = {}
    with torch.no_grad():
        found["vocabulary_logprobs"] = all_logprobs(model, batch.sequences[0]["ids"])
        found["target_logprobs"] = torch.cat(target_logprobs(model, batch))
        tokens, logprobs = batch.sequences[0]["ids"][:5].tolist(), []
        for _ in range(12):
            line = all_logprobs(model, torch.tensor(tokens))[-1]
            tokens.append(int(line.argmax()))
            logprobs.append(float(line[tokens[-1]]))
        found |= {"greedy.prompt": torch.tensor(tokens[:5]), "greedy.tokens": torch.tensor(tokens[5:]),
                  "greedy.logprobs": torch.tensor(logprobs)}
    trained = {name_of(n): p for n, p in model.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(trained.values(), **ADAMW)
    for kind in ["ppo", "cross_entropy"]:
        optimizer.zero_grad()
        loss = loss_of(kind, model, batch)
        loss.backward()
        found[f"{kind}.loss"] = loss.detach().reshape(1)
        found |= {f"{kind}.grad.{n}": p.grad.clone() for n, p in trained.items()}
    optimizer.step()
    found |= {f"adamw.{n}": p.detach().clone() for n, p in trained.items()}
    return {prefix + n: t.clone().contiguous() for n, t in found.items()}


def load(directory):
    model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager")
    return model.eval()


def make(name, directory, seed):
    kind, arguments, saving, (rank, alpha, targets) = MODELS[name]
    generator = torch.Generator().manual_seed(seed * 1000 + list(MODELS).index(name))
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    saving = dict(saving)
    model = AutoModelForCausalLM.from_config(kind(**{**SMALL, **arguments}))
    randomize(model, generator)
    model.to(saving.pop("dtype", torch.float32)).save_pretrained(directory / "model", **saving)

    model = load(directory / "model")
    batch = Batch(model.config.vocab_size, generator)
    with torch.no_grad():
        batch.set_sampler_logprobs(target_logprobs(model, batch), generator)
    tensors = batch.tensors() | results(model, batch, "")

    adapted = get_peft_model(load(directory / "model"), LoraConfig(
        r=rank, lora_alpha=alpha, target_modules=targets, task_type="CAUSAL_LM")).eval()
    with torch.no_grad():
        for parameter_name, parameter in adapted.named_parameters():
            if "lora_" in parameter_name:
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
    adapted.save_pretrained(directory / "adapter", save_embedding_layers=False)
    (directory / "adapter" / "README.md").unlink(missing_ok=True)
    configuration = directory / "adapter" / "adapter_config.json"
    settings = json.loads(configuration.read_text())
    settings["base_model_name_or_path"] = None
    settings["target_modules"].sort()
    configuration.write_text(json.dumps(settings, indent=1, sort_keys=True))
    tensors |= results(adapted, batch, "adapter.", lambda n: n.replace(".default.", "."))
    save_file(tensors, directory / "reference.safetensors")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Random models of each architecture and PyTorch's results.")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for name in MODELS:
        make(name, arguments.directory / name, arguments.seed)
